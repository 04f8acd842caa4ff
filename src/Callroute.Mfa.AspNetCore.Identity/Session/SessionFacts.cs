using System.Buffers.Text;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;

namespace Callroute.Mfa.AspNetCore.Identity.Session;

/// <summary>Describes the sign-in of a session. It is kept in claims, because they survive every renewal of cookies and tokens.</summary>
/// <param name="Methods">The methods of the sign-in (RFC 8176); empty for an external login.</param>
/// <param name="SignedInAt">When the session began, in Unix seconds; null if unknown.</param>
/// <param name="PassedAt">When its user last passed MFA, in Unix seconds; null if never.</param>
/// <param name="Id">A random id, which names the session and lets nobody in; null in a session from before this package.</param>
/// <param name="MustEnroll">Whether the user may do nothing but enrol.</param>
internal sealed record SessionFacts(
    IReadOnlyCollection<string> Methods, long? SignedInAt, long? PassedAt, string? Id, bool MustEnroll = false)
{
    private const string IdClaim = "callroute_mfa_session";
    private const string EnrollClaim = "callroute_mfa_enroll";
    private const string EnrollmentItem = "callroute.mfa.enrollment";

    private static readonly string[] Types = [MfaClaims.Methods, MfaClaims.SignInTime, MfaClaims.MfaTime, IdClaim, EnrollClaim];
    private static readonly string[] OfMfa = [MfaClaims.Otp, MfaClaims.Recovery, MfaClaims.Remembered, MfaClaims.Mfa];

    /// <summary>The receipt of the last verification, which only the session's ticket has; null if there is none.</summary>
    public MfaReceipt? Receipt { get; init; }

    /// <summary>The enrolment that this session has begun, which only its ticket has; null if there is none.</summary>
    public Guid? Enrollment { get; init; }

    public bool HasPassedMfa => Methods.Contains(MfaClaims.Mfa);

    public static SessionFacts New(IReadOnlyCollection<string> methods, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        return new(methods, seconds, methods.Contains(MfaClaims.Mfa) ? seconds : null, NewId());
    }

    public static SessionFacts Of(ClaimsPrincipal session, AuthenticationProperties? properties = null) => new(
        [.. session.FindAll(MfaClaims.Methods).Select(claim => claim.Value)],
        SecondsOf(session, MfaClaims.SignInTime),
        SecondsOf(session, MfaClaims.MfaTime),
        session.FindFirstValue(IdClaim),
        session.HasClaim(claim => claim.Type == EnrollClaim))
    {
        Receipt = SessionReceipt.Find(properties),
        Enrollment = Guid.TryParse(properties?.GetString(EnrollmentItem), out var enrollment) ? enrollment : null,
    };

    /// <summary>Whether only this package may write the claim. The application's own claims must not assert MFA.</summary>
    public static bool IsReserved(Claim claim) => Types.Contains(claim.Type, StringComparer.OrdinalIgnoreCase);

    /// <summary>The session after its user has passed MFA.</summary>
    public SessionFacts Passed(MfaPass pass) => this with
    {
        Methods = [.. Methods.Except(OfMfa), pass.Name, MfaClaims.Mfa],
        PassedAt = pass.At!.Value.ToUnixTimeSeconds(),
        MustEnroll = false,
        Receipt = pass.Receipt,
    };

    /// <summary>
    /// The session after its user has disabled MFA with a proof. It counts as signed in after that, rounded up to seconds, so that it may
    /// enrol again. Copies of the session, such as a thief's, keep the old time and may not.
    /// </summary>
    public SessionFacts Disabled(DateTimeOffset now) => this with
    {
        Methods = [.. Methods.Except(OfMfa)],
        PassedAt = null,
        SignedInAt = now.ToUnixTimeSeconds() + 1,
        Receipt = null,
    };

    public SessionFacts WithId() => Id is null ? this with { Id = NewId() } : this;

    public IEnumerable<Claim> ToClaims() =>
    [
        .. Methods.Select(method => new Claim(MfaClaims.Methods, method)),
        .. TimeClaim(MfaClaims.SignInTime, SignedInAt),
        .. TimeClaim(MfaClaims.MfaTime, PassedAt),
        .. Id is null ? [] : new[] { new Claim(IdClaim, Id) },
        .. MustEnroll ? [new Claim(EnrollClaim, "1")] : Array.Empty<Claim>(),
    ];

    /// <summary>Writes what is not in the claims: there is room, and nobody but the server reads it.</summary>
    public void WriteTo(AuthenticationProperties properties, DateTimeOffset now)
    {
        SessionReceipt.Write(properties, Receipt, now);
        properties.SetString(EnrollmentItem, Enrollment?.ToString());
    }

    public override string ToString() => nameof(SessionFacts);

    private static IEnumerable<Claim> TimeClaim(string type, long? seconds) => seconds is { } value
        ? [new Claim(type, value.ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64)]
        : [];

    private static long? SecondsOf(ClaimsPrincipal session, string type) =>
        long.TryParse(session.FindFirstValue(type), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

    private static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
