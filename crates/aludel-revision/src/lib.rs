//! Migration files and their graph.
