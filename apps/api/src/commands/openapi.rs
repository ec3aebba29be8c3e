//! `smartsight openapi`

/// Prints the OpenAPI document as JSON.
pub(crate) fn run() -> anyhow::Result<()> {
    println!("{}", http_api::openapi().to_pretty_json()?);
    Ok(())
}
