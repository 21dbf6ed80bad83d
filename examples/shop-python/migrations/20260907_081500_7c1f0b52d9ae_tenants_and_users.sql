-- aludel: revision = "7c1f0b52d9ae"
-- aludel: parents = []
-- aludel: created = "2026-09-07T08:15:00Z"
-- aludel: message = "tenants and users"

-- aludel: upgrade
CREATE TABLE public.tenants (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    slug character varying(63) NOT NULL,
    name character varying NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tenants_pkey PRIMARY KEY (id),
    CONSTRAINT tenants_slug_key UNIQUE (slug)
);

COMMENT ON COLUMN public.tenants.slug IS 'the merchant''s part of the address';

CREATE TABLE public.users (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    tenant_id bigint NOT NULL,
    email character varying(320) NOT NULL,
    full_name character varying NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_tenant_id_email_key UNIQUE (tenant_id, email),
    CONSTRAINT users_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants (id) ON DELETE CASCADE
);

CREATE INDEX users_tenant_id_idx ON public.users (tenant_id);

-- aludel: downgrade
DROP TABLE public.users;

DROP TABLE public.tenants;
