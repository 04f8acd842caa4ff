using Callroute.Mfa.AspNetCore.Identity.Import;
using Callroute.Mfa.AspNetCore.Identity.Registration;
using Callroute.Mfa.AspNetCore.Identity.Session;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Identity;

/// <summary>Verifies codes for both managers, the token provider and the gate. One for each scope.</summary>
internal sealed class IdentityMfa<TUser>(
    MfaService mfa,
    UserManager<TUser> users,
    MfaSignInManager<TUser> signIn,
    IUserClaimsPrincipalFactory<TUser> principals,
    IHttpContextAccessor http,
    EarlierAuthenticator<TUser> earlier,
    IdentityRows<TUser> rows,
    KnownDeviceCookie device,
    UnfinishedEnrollment<TUser> enrollments,
    IdentityMfaOptions options)
    where TUser : class
{
    // A code that was verified before Identity asks about it. It counts once.
    private (MfaSubject Subject, string Code)? _verified;

    public MfaService Service => mfa;

    /// <summary>The receipt of a code that this request has brought; null if there is none.</summary>
    public MfaReceipt? Receipt { get; private set; }

    /// <summary>The recovery codes of an enrolment that this request has confirmed, until they are shown.</summary>
    public Recovery.IssuedRecoveryCodes? NewCodes { get; set; }

    public async Task<MfaStatus> StatusOfAsync(TUser user) =>
        await mfa.GetStatusAsync(await users.SubjectOfAsync(user).ConfigureAwait(false)).ConfigureAwait(false);

    public async Task<MfaPolicy> PolicyOfAsync(TUser user) => options.IsOptional
        ? MfaPolicy.Optional
        : options.PolicyOf(await principals.CreateAsync(user).ConfigureAwait(false));

    /// <summary>Decides what a sign-in needs after the first factor. A user whose factors Identity still has needs a code.</summary>
    public async Task<SignInRequirement> RequirementOfSignInAsync(TUser user)
    {
        var requirement = await RequirementOfAsync(user).ConfigureAwait(false);
        return requirement == SignInRequirement.Unavailable
            && await earlier.IsWaitingAsync(await users.SubjectOfAsync(user).ConfigureAwait(false)).ConfigureAwait(false)
                ? SignInRequirement.Required
                : requirement;
    }

    /// <summary>
    /// Decides what a session needs before it may enrol. A user whose factors Identity still has must use one of them first.
    /// </summary>
    public async Task<SignInRequirement> RequirementOfAsync(TUser user)
    {
        var subject = await users.SubjectOfAsync(user).ConfigureAwait(false);
        var isEnrolled = await users.GetTwoFactorEnabledAsync(user).ConfigureAwait(false);
        var policy = await PolicyOfAsync(user).ConfigureAwait(false);
        var requirement = await mfa.GetSignInRequirementAsync(subject, policy, isEnrolled).ConfigureAwait(false);
        if ((requirement == SignInRequirement.Required) != isEnrolled)
        {
            // The library may have corrected the row, in a scope of its own.
            await ReloadAsync(user).ConfigureAwait(false);
        }

        return requirement == SignInRequirement.EnrollmentRequired && isEnrolled
            && await earlier.IsEnrolledElsewhereAsync(subject).ConfigureAwait(false)
                ? SignInRequirement.Unavailable
                : requirement;
    }

    /// <summary>Verifies a code, and consumes it if it is accepted.</summary>
    public async Task<VerificationResult> VerifyAsync(
        TUser user, string? code, AttemptId attempt, bool isStepUp, Guid? bindingVersion = null)
    {
        var subject = await users.SubjectOfAsync(user).ConfigureAwait(false);
        var known = http.HttpContext is { } context ? device.Read(context, subject) : null;
        var result = await mfa.VerifyAsync(subject, code, attempt, known, isStepUp, bindingVersion).ConfigureAwait(false);
        if (result.Reason is RefusalReason.NotEnrolled or RefusalReason.Malformed)
        {
            result = await earlier.VerifyAsync(subject, code, attempt, known).ConfigureAwait(false) ?? result;
        }

        if (result is { Succeeded: true, Method: MfaMethod.RecoveryCode })
        {
            await rows.ForgetCodeAsync(subject.UserId, code).ConfigureAwait(false);
        }

        await ReloadAsync(user).ConfigureAwait(false);
        Receipt = result.Receipt ?? Receipt;
        return result;
    }

    /// <summary>
    /// Answers Identity's question whether a code is right: it confirms the enrolment that this session has begun, else it is verified.
    /// </summary>
    public async Task<CodeAnswer> CheckAsync(TUser user, string? code)
    {
        var subject = await users.SubjectOfAsync(user).ConfigureAwait(false);
        if (TakeVerified(subject, code))
        {
            return CodeAnswer.Accepted;
        }

        var session = await SessionOfAsync(user).ConfigureAwait(false);
        if (session is not null && await enrollments.FindAsync(user, session).ConfigureAwait(false) is { } enrollment)
        {
            var confirmed = await earlier.ConfirmEnrollmentAsync(subject, enrollment, code).ConfigureAwait(false);

            // If the outcome is unknown, this code may have confirmed the enrolment. Do not verify it again.
            if (confirmed.Outcome != MfaChangeOutcome.NotFound)
            {
                await EndEnrollmentAsync(user, session, confirmed).ConfigureAwait(false);
                return confirmed.Succeeded ? CodeAnswer.Accepted : new($"Mfa{confirmed.Outcome}");
            }
        }

        var result = await VerifyAsync(user, code, mfa.BeginAttempt(), isStepUp: session is not null).ConfigureAwait(false);
        if (result.Succeeded && session is not null)
        {
            KeepDevice(subject, result.RevealKnownDevice());
            await RenewAsync(user, MfaPass.Of(result)).ConfigureAwait(false);
        }

        return CodeAnswer.Of(result);
    }

    /// <summary>Answers Identity's next question about this code with yes, once: it was verified and consumed before.</summary>
    public void SetVerified(MfaSubject subject, string code) => _verified = (subject, code);

    /// <summary>Reads the user's row again, if this package may have written it in another scope.</summary>
    public async Task ReloadAsync(TUser user)
    {
        var store = users.ServiceProvider.GetRequiredService<IUserStore<TUser>>();
        if (IdentityRegistration.FindContext(store.GetType())?.GetValue(store) is DbContext context
            && context.Entry(user) is { State: not EntityState.Detached } entry)
        {
            await entry.ReloadAsync().ConfigureAwait(false);
        }
    }

    /// <returns>The session of this user in the request; null outside a request, and in the request of somebody else.</returns>
    public async Task<CurrentSession?> SessionOfAsync(TUser user)
    {
        var id = await users.GetUserIdAsync(user).ConfigureAwait(false);
        return http.HttpContext is { } context
            && users.GetUserId(context.User) == id
            && await CurrentSession.FindAsync(context).ConfigureAwait(false) is { } session
            && users.GetUserId(session.Ticket.Principal) == id
                ? session
                : null;
    }

    /// <summary>Makes the browser of the request a known device of the user.</summary>
    public void KeepDevice(MfaSubject subject, string? token)
    {
        if (http.HttpContext is { Response.HasStarted: false } context)
        {
            device.Write(context, subject, token);
        }
    }

    private async Task EndEnrollmentAsync(TUser user, CurrentSession session, MfaChangeResult confirmed)
    {
        if (confirmed.Succeeded)
        {
            (NewCodes, Receipt) = (confirmed.RecoveryCodes, confirmed.Receipt);
            KeepDevice(await users.SubjectOfAsync(user).ConfigureAwait(false), confirmed.RevealKnownDevice());
            await ReloadAsync(user).ConfigureAwait(false);
            await enrollments.EndAsync(user, session).ConfigureAwait(false);
            await RenewAsync(user, new(MfaMethod.Totp, confirmed.Receipt, confirmed.ConfirmedAt)).ConfigureAwait(false);
        }
    }

    private Task RenewAsync(TUser user, MfaPass pass) =>
        signIn.RenewAsync(user, facts => facts.Passed(pass) with { Enrollment = null }, isProved: true);

    private bool TakeVerified(MfaSubject subject, string? code)
    {
        var isVerified = _verified is { } verified && verified.Subject == subject && verified.Code == code;
        _verified = null;
        return isVerified;
    }
}
