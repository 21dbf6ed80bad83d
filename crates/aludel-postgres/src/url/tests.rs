//! What each form of connection string means.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::{DatabaseUrl, Host, Password, SslMode, UrlError};

fn parse(text: &str, environment: &[(&str, &str)]) -> Result<DatabaseUrl, UrlError> {
    DatabaseUrl::parse_with(text, &|name| {
        environment
            .iter()
            .find(|(variable, _)| *variable == name)
            .map(|(_, value)| (*value).to_owned())
    })
}

fn plain(text: &str) -> DatabaseUrl {
    parse(text, &[]).unwrap()
}

#[test]
fn uri_forms() {
    let url = plain("postgresql://app:s%40cret@db.example:6432/shop?sslmode=verify-full");
    assert_eq!(url.user(), "app");
    assert_eq!(url.host(), "db.example");
    assert_eq!(url.port(), 6432);
    assert_eq!(url.database(), "shop");
    assert_eq!(url.ssl_mode(), SslMode::VerifyFull);
    assert_eq!(
        url.to_connection_string(),
        "postgresql://app:s%40cret@db.example:6432/shop?sslmode=verify-full"
    );

    let url = plain("postgres://app@[::1]/");
    assert_eq!((url.host(), url.database()), ("::1", "app"));
    let url = plain("postgresql://app:a/b@c@host/db");
    assert!(
        url.to_connection_string()
            .starts_with("postgresql://app:a/b%40c@host:5432/db")
    );
}

#[test]
fn sqlalchemy_forms() {
    let url = plain("postgresql+psycopg2://u:p@h/db?sslmode=disable&async_fallback=1");
    assert_eq!(url.ssl_mode(), SslMode::Disable);
    let url = plain("postgresql+asyncpg://u@h/db?ssl=require");
    assert_eq!(url.ssl_mode(), SslMode::Require);
    let url = plain("postgresql+psycopg://u@/db?host=a:5433&host=b");
    let ports: Vec<_> = url.servers().iter().map(|server| server.port).collect();
    assert_eq!((url.host(), ports), ("a,b", vec![5433, 5432]));
}

#[test]
fn sockets() {
    for text in [
        "postgresql://me@/db?host=/run/pg&port=5433",
        "postgresql://me@%2Frun%2Fpg:5433/db",
        "host=/run/pg port=5433 user=me dbname=db",
    ] {
        let url = plain(text);
        assert!(url.is_socket(), "{text}");
        assert_eq!(
            url.servers()[0].host,
            Host::SocketDirectory("/run/pg".into())
        );
        assert_eq!(
            url.to_string(),
            "postgresql://me@/db?host=/run/pg&port=5433"
        );
        assert_eq!(plain(&url.to_string()), url);
    }
    let url = DatabaseUrl::for_socket(Path::new("/run/pg"), 5433, "me", "db");
    assert_eq!(
        url.to_string(),
        "postgresql://me@/db?host=/run/pg&port=5433"
    );
}

#[test]
fn keyword_form() {
    let url = plain(r"host = localhost user=me password='it\'s \\ here' dbname=db");
    assert_eq!(
        url.to_connection_string(),
        "postgresql://me:it%27s%20%5C%20here@localhost:5432/db"
    );
}

#[test]
fn the_environment_completes_and_never_overrides() {
    let environment = [("PGHOST", "elsewhere"), ("PGUSER", "me"), ("PGPORT", "7")];
    let url = parse("postgresql://here/db", &environment).unwrap();
    assert_eq!((url.host(), url.user(), url.port()), ("here", "me", 7));
    let url = parse("", &environment).unwrap();
    assert_eq!((url.host(), url.database()), ("elsewhere", "me"));
}

#[test]
fn service_file_stands_before_the_environment() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("services");
    fs_err::write(
        &file,
        "# mine\n[other]\nhost=no\n[shop]\nhost=db1\nport=6000\n",
    )
    .unwrap();
    let path = file.display().to_string();
    let environment = [
        ("PGSERVICEFILE", path.as_str()),
        ("PGHOST", "env"),
        ("PGUSER", "u"),
    ];
    let url = parse("service=shop dbname=x port=6001", &environment).unwrap();
    assert_eq!((url.host(), url.port(), url.user()), ("db1", 6001, "u"));
    let error = parse("service=shoppe", &environment).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("service `shoppe` is not defined in")
    );
}

#[test]
fn password_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("pass");
    fs_err::write(&file, "h:5432:db:me:no\n*:*:shop:me:y\\:es\n").unwrap();
    let url = plain(&format!(
        "host=h user=me dbname=shop passfile={}",
        file.display()
    ));
    let server = &url.servers()[0];
    fs_err::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
    assert!(matches!(url.password_for(server), Password::FileTooOpen(_)));
    fs_err::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
    assert!(matches!(url.password_for(server), Password::Known(password) if password == "y:es"));
    assert!(url.to_connection_string().contains("me:y%3Aes@"));
}

#[test]
fn the_password_is_never_shown() {
    for text in [
        "postgresql://u:secret@h/d",
        "host=h user=u password=secret dbname=d",
    ] {
        let url = plain(text);
        assert!(!format!("{url} {url:?} {url:#?}").contains("secret"));
        assert_eq!(url.to_string(), "postgresql://u@h:5432/d");
    }
    for text in [
        "mysql://u:secret@h/d",
        "postgresql://u:secret@h/d?schema=x",
        "postgresql://u:secret%zz@h/d",
        "password=secret'x host=",
        "postgresql://u:secret@h:70000/d",
    ] {
        if let Err(error) = parse(text, &[]) {
            assert!(!format!("{error} {error:?}").contains("secret"), "{text}");
        }
    }
}

#[test]
fn errors_name_what_is_wrong() {
    let message = |text| parse(text, &[]).unwrap_err().to_string();
    assert_eq!(
        message("mysql://h/d"),
        "database URL has the scheme `mysql`, not `postgresql`"
    );
    assert_eq!(
        message("postgresql://h/d?schema=x"),
        "database URL has an unknown parameter `schema`"
    );
    assert_eq!(
        message("postgresql://h:0/d"),
        "database URL parameter `port` cannot be `0`: expected a number from 1 to 65535"
    );
    assert_eq!(
        message("postgresql://h/d?sslmode=yes"),
        "database URL parameter `sslmode` cannot be `yes`: expected disable, allow, prefer, \
         require, verify-ca or verify-full"
    );
    assert_eq!(
        message("shop"),
        "database URL is malformed: a word is followed by no `=`; expected `postgresql://…` or \
         `keyword=value`"
    );
}
