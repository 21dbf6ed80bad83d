//! TLS as libpq's `sslmode` has it, over rustls.
//!
//! `prefer` and `require` encrypt without asking who the server is; `verify-ca` checks the chain,
//! `verify-full` the host name too. That the first two check nothing is libpq's contract, which
//! every PostgreSQL client keeps.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::url::{DatabaseUrl, SslMode};

/// What of the server's certificate is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Check {
    Nothing,
    Chain,
    ChainAndName,
}

/// Makes the TLS side of a connection; the error is a sentence for a person.
pub(crate) fn connector(url: &DatabaseUrl) -> Result<MakeRustlsConnect, String> {
    let provider = Arc::new(ring::default_provider());
    let root_file = root_file(url);
    let check = match url.ssl_mode() {
        SslMode::Disable | SslMode::Allow | SslMode::Prefer => Check::Nothing,
        // libpq: `require` checks the chain when a root certificate file exists.
        SslMode::Require if root_file.as_deref().is_some_and(Path::exists) => Check::Chain,
        SslMode::Require => Check::Nothing,
        SslMode::VerifyCa => Check::Chain,
        SslMode::VerifyFull => Check::ChainAndName,
    };
    let verifier = Verifier::new(check, url, root_file.as_deref(), &provider)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match client_certificate(url)? {
        Some((chain, key)) => builder
            .with_client_auth_cert(chain, key)
            .map_err(|error| format!("the client certificate is not usable: {error}"))?,
        None => builder.with_no_client_auth(),
    };
    if url.parameter("sslnegotiation") == Some("direct") {
        config.alpn_protocols = vec![b"postgresql".to_vec()];
    }
    Ok(MakeRustlsConnect::new(config))
}

fn default_file(name: &str) -> Option<PathBuf> {
    let home = std::env::var_os("HOME")?;
    Some(Path::new(&home).join(".postgresql").join(name))
}

/// The file of trusted authorities; none when the system's are asked for.
fn root_file(url: &DatabaseUrl) -> Option<PathBuf> {
    match url.parameter("sslrootcert") {
        Some("system") => None,
        Some(file) => Some(PathBuf::from(file)),
        None => default_file("root.crt"),
    }
}

fn root_store(url: &DatabaseUrl, root_file: Option<&Path>) -> Result<RootCertStore, String> {
    let mut store = RootCertStore::empty();
    if url.parameter("sslrootcert") == Some("system") {
        let found = rustls_native_certs::load_native_certs();
        store.add_parsable_certificates(found.certs);
        if store.is_empty() {
            return Err("this machine has no certificate authorities".to_owned());
        }
        return Ok(store);
    }
    let Some(file) = root_file else {
        return Err("no root certificate file is known: set `sslrootcert`".to_owned());
    };
    let certificates = read_certificates(file).map_err(|reason| {
        format!("{reason}; give a root certificate with `sslrootcert`, or `sslrootcert=system`")
    })?;
    store.add_parsable_certificates(certificates);
    if store.is_empty() {
        return Err(format!("{} holds no usable certificate", file.display()));
    }
    Ok(store)
}

fn read_certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let text = fs_err::read(file).map_err(|error| error.to_string())?;
    CertificateDer::pem_slice_iter(&text)
        .collect::<Result<_, _>>()
        .map_err(|error| format!("{} is not a PEM file: {error}", file.display()))
}

type ClientCertificate = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn client_certificate(url: &DatabaseUrl) -> Result<Option<ClientCertificate>, String> {
    let chosen = |keyword, name| {
        let stated = url.parameter(keyword).map(PathBuf::from);
        stated.or_else(|| default_file(name).filter(|file| file.exists()))
    };
    let (certificate, key) = (
        chosen("sslcert", "postgresql.crt"),
        chosen("sslkey", "postgresql.key"),
    );
    let (Some(certificate), Some(key)) = (certificate, key) else {
        return Ok(None);
    };
    let chain = read_certificates(&certificate)?;
    let text = fs_err::read(&key).map_err(|error| error.to_string())?;
    let key = PrivateKeyDer::from_pem_slice(&text)
        .map_err(|error| format!("{} holds no usable key: {error}", key.display()))?;
    Ok(Some((chain, key)))
}

/// Checks as much of a certificate as the `sslmode` says.
#[derive(Debug)]
struct Verifier {
    check: Check,
    authorities: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl Verifier {
    fn new(
        check: Check,
        url: &DatabaseUrl,
        root_file: Option<&Path>,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Self, String> {
        let authorities = match check {
            Check::Nothing => None,
            Check::Chain | Check::ChainAndName => {
                let store = Arc::new(root_store(url, root_file)?);
                let verifier =
                    WebPkiServerVerifier::builder_with_provider(store, Arc::clone(provider))
                        .build()
                        .map_err(|error| error.to_string())?;
                Some(verifier)
            }
        };
        Ok(Self {
            check,
            authorities,
            provider: Arc::clone(provider),
        })
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(authorities) = &self.authorities else {
            return Ok(ServerCertVerified::assertion());
        };
        let result = authorities.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match result {
            // The name is compared last, so the chain has been found good by then.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.check == Check::Chain => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
