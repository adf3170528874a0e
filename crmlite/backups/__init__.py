"""The whole book in one sealed file: made each day, proved, brought back."""
