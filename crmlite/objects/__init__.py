"""Records that packs bring, such as coupons and courses: what they declare makes pages of it."""
