using Callroute.Mfa.QrCode;

namespace Callroute.Mfa.Packages.Tests.Docs.Snippets;

internal static class Enrollment
{
    public static async Task<Guid> BeginAsync(MfaService mfa, MfaSubject alice, Action<string> show)
    {
        // <begin>
        using var offer = await mfa.BeginEnrollmentAsync(alice, accountName: "alice@example.com");
        show(new QrCodeRenderer().ToSvg(offer.Uri!));       // both are the secret: show them and keep them nowhere
        show(offer.Uri!.RevealManualEntryKey());               // for users who cannot scan
        var enrollmentId = offer.EnrollmentId;              // keep this in the session
        // </begin>
        return enrollmentId;
    }

    public static async Task ConfirmAsync(MfaService mfa, MfaSubject alice, Guid enrollmentId, string typed, Action<string> show)
    {
        // <confirm>
        var enrolled = await mfa.ConfirmEnrollmentAsync(alice, enrollmentId, typed);
        if (!enrolled.Succeeded)
        {
            show($"{enrolled.Outcome}: {enrolled.TriesLeft} tries left");
        }
        else if (enrolled.RecoveryCodes is { } codes)
        {
            show(codes.Reveal()[0]);                                        // now: later, there is only a hash
            await mfa.AcknowledgeRecoveryCodesAsync(alice, codes.SetId);     // when the user says that it is saved
        }
        // </confirm>
    }

    public static async Task<EnrollmentOffer> ReplaceAsync(MfaService mfa, MfaSubject alice, string typed)
    {
        // <replace>
        var old = (await mfa.GetStatusAsync(alice)).Authenticators[0];
        var proof = MfaProof.FromCode(typed, mfa.BeginAttempt());      // or MfaProof.FromReceipt(result.Receipt), of a recent verification
        var offer = await mfa.BeginEnrollmentAsync(alice, "alice@example.com", proof, old.Id, name: "new phone");
        // </replace>
        return offer;
    }

    public static MfaOptions Options(Func<string, bool, ValueTask> writeEnrolledAsync)
    {
        // <callback>
        var options = new MfaOptions
        {
            Issuer = "Callroute",
            OnEnrolledChanged = (subject, isEnrolled) => writeEnrolledAsync(subject.UserId, isEnrolled),
        };
        // </callback>
        return options;
    }

    public static async Task<string> SignInAsync(MfaService mfa, MfaSubject alice, MfaPolicy policy, bool? isEnrolled)
    {
        // <requirement>
        var next = await mfa.GetSignInRequirementAsync(alice, policy, isEnrolled) switch
        {
            SignInRequirement.NotRequired => "signed in",
            SignInRequirement.Required => "ask for a code",
            SignInRequirement.EnrollmentRequired => "let the user enrol, and nothing else",
            _ => "refuse the sign-in",
        };
        // </requirement>
        return next;
    }
}
