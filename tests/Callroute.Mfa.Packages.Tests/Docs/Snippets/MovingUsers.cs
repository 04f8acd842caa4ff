using System.Text;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Packages.Tests.Docs.Snippets;

/// <summary>A user of the old system.</summary>
public sealed class OldUser
{
    public required string Id { get; init; }

    public required string Secret { get; init; }

    public string[] RecoveryCodes { get; init; } = [];

    public bool IsMoved { get; set; }
}

internal static class OldSecrets
{
    // <otp-net>
    public static SharedSecret FromOtpNet(OldUser user) =>
        SharedSecret.FromBytes(Base32.Decode(user.Secret, lenient: true), minimumSize: 10);
    // </otp-net>

    // <google-authenticator>
    public static SharedSecret FromGoogleAuthenticator(OldUser user, bool secretIsBase32) => SharedSecret.FromBytes(
        secretIsBase32 ? Base32.Decode(user.Secret, lenient: true) : Encoding.UTF8.GetBytes(user.Secret), minimumSize: 10);
    // </google-authenticator>

    // <own-table>
    public static SharedSecret FromHex(OldUser user) => SharedSecret.FromBytes(Convert.FromHexString(user.Secret), minimumSize: 10);

    public static readonly TotpParameters OldParameters = new()
    {
        Algorithm = OtpAlgorithm.Sha256,
        Digits = 8,
        Period = TimeSpan.FromSeconds(60),
    };
    // </own-table>
}

internal sealed class MovingUsers(
    MfaService mfa, Func<OldUser, SharedSecret> readSecret, TotpParameters parameters, Func<OldUser, Task> saveAsync)
{
    // <sign-in>
    private readonly MfaImport _import = new(mfa);

    public async Task<VerificationResult> VerifyAsync(OldUser user, string? typed, AttemptId attempt)
    {
        var subject = new MfaSubject(user.Id);
        if (user.IsMoved)
        {
            return await mfa.VerifyAsync(subject, typed, attempt);
        }

        await SetMovedAsync(user, true);
        using var secret = readSecret(user);
        var result = await _import.VerifyAndImportAsync(subject, secret, parameters, name: null, typed, attempt);
        if (result.Reason is RefusalReason.Malformed or RefusalReason.NotEnrolled or RefusalReason.Unavailable)
        {
            await SetMovedAsync(user, false);      // it may be that nothing was imported
        }

        return result;
    }
    // </sign-in>

    // <everybody>
    public async Task<IReadOnlyList<string>> MoveAsync(IEnumerable<OldUser> users)
    {
        List<string> failures = [];
        foreach (var user in users)
        {
            await SetMovedAsync(user, true);
            using var secret = readSecret(user);
            var bound = await _import.ImportAuthenticatorAsync(new(user.Id), secret, parameters);
            var isBound = bound.Outcome is MfaChangeOutcome.Succeeded or MfaChangeOutcome.AlreadyImported;
            var codes = isBound && user.RecoveryCodes.Length > 0
                ? await _import.ImportRecoveryCodesAsync(new(user.Id), user.RecoveryCodes)
                : bound;
            if (codes.Outcome is not (MfaChangeOutcome.Succeeded or MfaChangeOutcome.AlreadyImported))
            {
                failures.Add($"{user.Id}: {codes.Outcome}");
            }
        }

        return failures;
    }
    // </everybody>

    private async Task SetMovedAsync(OldUser user, bool isMoved)
    {
        user.IsMoved = isMoved;
        await saveAsync(user);
    }
}
