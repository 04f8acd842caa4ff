namespace Callroute.Mfa.Core.Tests;

internal static class MfaOptionsExtensions
{
    /// <returns>A changed copy.</returns>
    public static MfaOptions With(this MfaOptions options, Action<MfaOptions> change)
    {
        var copy = options.Copy();
        change(copy);
        return copy;
    }
}
