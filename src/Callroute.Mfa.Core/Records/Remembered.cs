namespace Callroute.Mfa.Records;

/// <summary>The remembered browsers in a record.</summary>
internal static class Remembered
{
    /// <returns>Those that no change has ended; null if there are none.</returns>
    public static IReadOnlyList<RememberedBrowser>? StillRemembered(this MfaRecord record)
    {
        if (record.RememberedBrowsers is not { } all)
        {
            return null;
        }

        var version = record.BindingVersion;
        RememberedBrowser[] kept =
            [.. all.Where(it => it.BindingVersion == version && record.KnownDevices.Any(device => device.Id == it.DeviceId))];
        return kept.Length > 0 ? kept : null;
    }

    /// <returns>Those on which no code is asked for now.</returns>
    public static IEnumerable<RememberedBrowser> RememberedAt(this MfaRecord record, MfaOptions options, DateTimeOffset now) =>
        (record.StillRemembered() ?? []).Where(it => it.IsOpen(options.RememberBrowserLifetime, now));

    /// <summary>Adds one. It replaces an earlier one of the same device.</summary>
    public static MfaRecord Remember(this MfaRecord record, RememberedBrowser added, MfaOptions options, DateTimeOffset now) => record with
    {
        RememberedBrowsers = [.. record.RememberedAt(options, now).Where(it => it.DeviceId != added.DeviceId), added],
    };
}
