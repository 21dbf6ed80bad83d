"""The shop's backend: several merchants (tenants) sell their products to their own customers."""
