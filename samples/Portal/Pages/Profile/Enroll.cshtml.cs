using Callroute.Mfa;
using Callroute.Mfa.AspNetCore;
using Callroute.Mfa.Provisioning;
using Callroute.Portal.Users;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Callroute.Portal.Pages.Profile;

/// <summary>
/// Sets up an authenticator: for those who are signed in, and for those who are half signed in to do this and nothing else.
/// </summary>
[AllowAnonymous]
internal sealed class EnrollModel(MfaAccount account, MfaSignIn signIn, SessionCheck sessions, IQrCodeRenderer renderer)
    : ChangeModel(account, sessions)
{
    /// <summary>The enrolment that was begun.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Id { get; set; }

    /// <summary>The authenticator to replace.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Replaces { get; set; }

    /// <summary>Whether the set-up that was begun has ended.</summary>
    [BindProperty(SupportsGet = true)]
    public bool Ended { get; set; }

    public EnrollmentOffer? Offer { get; private set; }

    public string QrCode => renderer.ToSvg(Offer!.Uri!);

    public bool IsSignedIn => User.Identity?.IsAuthenticated == true;

    public bool HasMfa => User.HasClaim(MfaClaims.Methods, MfaClaims.Mfa);

    // Authorization knows only those who are signed in.
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var begins = context.HandlerMethod is { HttpMethod: "Post", Name: null };
        if (await Account.FindSubjectAsync(HttpContext, begins ? null : Id) is null)
        {
            // Otherwise the sign-in page would lead back here while the half-signed-in state lasts.
            await signIn.CancelAsync(HttpContext);
            context.Result = LocalRedirect("/signin");
            return;
        }

        await next();
    }

    public override async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) =>
        Id is { } id ? await ResumeAsync(id, cancellationToken) : await base.OnGetAsync(cancellationToken);

    public async Task<IActionResult> OnPostAsync(string? code, string? name, AttemptId? attempt, CancellationToken cancellationToken)
    {
        using var offer = await Account.BeginEnrollmentAsync(HttpContext, code, Replaces, name, attempt, cancellationToken);
        return offer.Outcome switch
        {
            MfaChangeOutcome.Succeeded =>
                Finish(offer.Verification?.ReplacementRecoveryCodes, $"/profile/security/enroll/{offer.EnrollmentId}"),
            MfaChangeOutcome.SignInRequired => await SignInAgainAsync(),
            _ => await RefuseAsync(offer.Outcome, offer.Verification),
        };
    }

    public async Task<IActionResult> OnPostVerifyAsync(Guid id, string? code, CancellationToken cancellationToken)
    {
        var result = await Account.ConfirmEnrollmentAsync(HttpContext, id, code, cancellationToken);
        if (!result.Succeeded)
        {
            await RefuseAsync(result.Outcome, null);
            return await ResumeAsync(id, cancellationToken);
        }

        await EndOtherSessionsAsync();
        return result.RecoveryCodes is { } codes
            ? Show(codes, "Your authenticator is set up. This is your recovery code.", $"/profile/security?news={SecurityNews.Enabled}")
            : LocalRedirect($"/profile/security?news={SecurityNews.Added}");
    }

    // This session began before Multi-Factor Authentication was disabled or reset, and may be a thief's.
    private async Task<IActionResult> SignInAgainAsync()
    {
        await signIn.SignOutAsync(HttpContext);
        return LocalRedirect($"/signin?ended={SignInEnd.BeforeEnrollment}&returnUrl=/profile/security/enroll");
    }

    private async Task<IActionResult> ResumeAsync(Guid id, CancellationToken cancellationToken)
    {
        Offer = await Account.ResumeEnrollmentAsync(HttpContext, id, cancellationToken);

        // The page shows its secret.
        Response.RegisterForDispose(Offer);
        return Offer.Succeeded
            ? Page()
            : LocalRedirect(IsSignedIn ? $"/profile/security?news={SecurityNews.EnrollmentEnded}" : "/profile/security/enroll?ended=true");
    }
}
