namespace Callroute.Portal;

/// <summary>Where users and MFA are kept. With Redis, users stay in SQLite: Callroute.Mfa needs no place beside yours.</summary>
internal enum PortalStore { Sqlite, Postgres, Redis }

/// <summary>The section "Portal" of the configuration.</summary>
internal sealed class PortalSettings
{
    public PortalStore Store { get; set; }

    public string? ConnectionString { get; set; }

    /// <summary>The folder of the SQLite file and the Data Protection keys, which all instances share.</summary>
    public string Data { get; set; } = "data";

    /// <summary>The e-mail address of the administrator; null for none.</summary>
    public string? Administrator { get; set; }
}
