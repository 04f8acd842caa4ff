using System.Buffers.Text;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;

namespace Callroute.Mfa.AspNetCore.Identity.Session;

/// <summary>Describes the sign-in of a session. It is kept in claims, because they survive every renewal of cookies and tokens.</summary>
/// <param name="FirstFactor">The methods of the first factor (RFC 8176); empty for an external login.</param>
/// <param name="SecondFactor">The method of the second factor; null if there was none.</param>
/// <param name="SignedInAt">When the session began, in Unix seconds; null if unknown.</param>
/// <param name="PassedAt">When its user last passed MFA, in Unix seconds; null if never.</param>
/// <param name="Id">A random id, which names the session and lets nobody in; null in a session from before this package.</param>
/// <param name="MustEnroll">Whether the user may do nothing but enrol.</param>
internal sealed record SessionFacts(
    IReadOnlyCollection<string> FirstFactor, string? SecondFactor, long? SignedInAt, long? PassedAt, string? Id, bool MustEnroll)
{
    private const string IdClaim = "callroute_mfa_session";
    private const string EnrollClaim = "callroute_mfa_enroll";

    private static readonly string[] Types = [MfaClaims.Methods, MfaClaims.SignInTime, MfaClaims.MfaTime, IdClaim, EnrollClaim];
    private static readonly string[] SecondFactors = [MfaClaims.Otp, MfaClaims.Recovery, MfaClaims.Mfa];

    public static SessionFacts New(IReadOnlyCollection<string> firstFactor, DateTimeOffset now, bool mustEnroll = false) =>
        new(firstFactor, null, now.ToUnixTimeSeconds(), null, NewId(), mustEnroll);

    public static SessionFacts Of(ClaimsPrincipal session)
    {
        var methods = session.FindAll(MfaClaims.Methods).Select(claim => claim.Value).ToArray();
        return new(
            [.. methods.Except(SecondFactors, StringComparer.Ordinal)],
            methods.Contains(MfaClaims.Mfa) ? Array.Find(SecondFactors, methods.Contains) : null,
            SecondsOf(session, MfaClaims.SignInTime),
            SecondsOf(session, MfaClaims.MfaTime),
            session.FindFirstValue(IdClaim),
            session.HasClaim(claim => claim.Type == EnrollClaim));
    }

    /// <summary>Whether only this package may write the claim. The application's own claims must not assert MFA.</summary>
    public static bool IsReserved(Claim claim) => Types.Contains(claim.Type, StringComparer.OrdinalIgnoreCase);

    /// <summary>The session after its user has passed MFA.</summary>
    public SessionFacts Passed(MfaMethod method, DateTimeOffset at) => this with
    {
        SecondFactor = method == MfaMethod.Totp ? MfaClaims.Otp : MfaClaims.Recovery,
        PassedAt = at.ToUnixTimeSeconds(),
        MustEnroll = false,
    };

    /// <summary>
    /// The session after its user has disabled MFA with a proof. It counts as signed in after that, rounded up to seconds, so that it may
    /// enrol again. Copies of the session, such as a thief's, keep the old time and may not.
    /// </summary>
    public SessionFacts Disabled(DateTimeOffset now) => this with
    {
        SecondFactor = null,
        PassedAt = null,
        SignedInAt = now.ToUnixTimeSeconds() + 1,
    };

    public SessionFacts WithId() => Id is null ? this with { Id = NewId() } : this;

    public IEnumerable<Claim> ToClaims()
    {
        string?[] methods = [.. FirstFactor, .. SecondFactor is null ? [] : new[] { SecondFactor, MfaClaims.Mfa }.Distinct()];
        return
        [
            .. methods.Select(method => new Claim(MfaClaims.Methods, method!)),
            .. TimeClaim(MfaClaims.SignInTime, SignedInAt),
            .. TimeClaim(MfaClaims.MfaTime, PassedAt),
            .. Id is null ? [] : new[] { new Claim(IdClaim, Id) },
            .. MustEnroll ? [new Claim(EnrollClaim, "1")] : Array.Empty<Claim>(),
        ];
    }

    public override string ToString() => nameof(SessionFacts);

    private static IEnumerable<Claim> TimeClaim(string type, long? seconds) => seconds is { } value
        ? [new Claim(type, value.ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64)]
        : [];

    private static long? SecondsOf(ClaimsPrincipal session, string type) =>
        long.TryParse(session.FindFirstValue(type), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

    private static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
