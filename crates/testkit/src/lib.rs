//! Servers, databases and project folders for tests.
