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
    IServiceProvider services,
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

    // Not in the constructor: the manager creates its token provider, which needs this.
    private UserManager<TUser> Users => services.GetRequiredService<UserManager<TUser>>();

    private MfaSignInManager<TUser> SignIn => (MfaSignInManager<TUser>)services.GetRequiredService<SignInManager<TUser>>();

    public async Task<MfaSubject> SubjectOfAsync(TUser user) => new(await Users.GetUserIdAsync(user).ConfigureAwait(false));

    public async Task<string> AccountNameOfAsync(TUser user) =>
        (Users.SupportsUserEmail ? await Users.GetEmailAsync(user).ConfigureAwait(false) : null) is { Length: > 0 } address
            ? address
            : await Users.GetUserNameAsync(user).ConfigureAwait(false) ?? await Users.GetUserIdAsync(user).ConfigureAwait(false);

    public async Task<MfaPolicy> PolicyOfAsync(TUser user) => options.IsOptional
        ? MfaPolicy.Optional
        : options.PolicyOf(
            await services.GetRequiredService<IUserClaimsPrincipalFactory<TUser>>().CreateAsync(user).ConfigureAwait(false));

    /// <summary>Decides what a sign-in needs after the first factor.</summary>
    public async Task<SignInRequirement> RequirementOfAsync(TUser user)
    {
        var subject = await SubjectOfAsync(user).ConfigureAwait(false);
        var isEnrolled = await Users.GetTwoFactorEnabledAsync(user).ConfigureAwait(false);
        var policy = await PolicyOfAsync(user).ConfigureAwait(false);
        var requirement = await mfa.GetSignInRequirementAsync(subject, policy, isEnrolled).ConfigureAwait(false);
        if ((requirement == SignInRequirement.Required) != isEnrolled)
        {
            // The library may have corrected the row, in a scope of its own.
            await ReloadAsync(user).ConfigureAwait(false);
        }

        return requirement;
    }

    public async Task<bool> IsWaitingToMoveAsync(TUser user) =>
        await earlier.IsWaitingAsync(await SubjectOfAsync(user).ConfigureAwait(false)).ConfigureAwait(false);

    /// <returns>The version of authenticators and recovery codes; null if the user has none here yet.</returns>
    public async Task<Guid?> BindingVersionOfAsync(TUser user)
    {
        var status = await mfa.GetStatusAsync(await SubjectOfAsync(user).ConfigureAwait(false)).ConfigureAwait(false);
        return status.IsEnabled ? status.BindingVersion : null;
    }

    /// <summary>Verifies a code, and consumes it if it is accepted.</summary>
    public async Task<VerificationResult> VerifyAsync(
        TUser user, string? code, AttemptId attempt, bool isStepUp, Guid? bindingVersion = null)
    {
        var subject = await SubjectOfAsync(user).ConfigureAwait(false);
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
        var subject = await SubjectOfAsync(user).ConfigureAwait(false);
        if (TakeVerified(subject, code))
        {
            return CodeAnswer.Accepted;
        }

        var session = await SessionOf(subject).ConfigureAwait(false);
        if (session is not null && await enrollments.FindAsync(user, session).ConfigureAwait(false) is { } enrollment)
        {
            var key = await earlier.FindNewKeyAsync(subject, enrollment).ConfigureAwait(false);
            var confirmed = await mfa.ConfirmEnrollmentAsync(subject, enrollment, code).ConfigureAwait(false);
            if (confirmed.Outcome is not (MfaChangeOutcome.NotFound or MfaChangeOutcome.Unavailable))
            {
                await earlier.ReplaceAsync(subject, confirmed, key).ConfigureAwait(false);
                return await EnrolledAsync(user, subject, session, confirmed).ConfigureAwait(false);
            }
        }

        var result = await VerifyAsync(user, code, mfa.BeginAttempt(), isStepUp: session is not null).ConfigureAwait(false);
        if (result.Succeeded && session is not null)
        {
            KeepDevice(subject, result.RevealKnownDevice());
            await SignIn.RenewAsync(user, facts => facts.Passed(result.Method.Value, result.VerifiedAt!.Value), result.Receipt)
                .ConfigureAwait(false);
        }

        return CodeAnswer.Of(result);
    }

    /// <summary>Answers Identity's next question about this code with yes, once: it was verified and consumed before.</summary>
    public void SetVerified(MfaSubject subject, string code) => _verified = (subject, code);

    /// <summary>Reads the user's row again, if this package may have written it in another scope.</summary>
    public async Task ReloadAsync(TUser user)
    {
        if (IdentityStore.FindContext(services.GetService<IUserStore<TUser>>()?.GetType()) is { } type
            && services.GetService(type) is DbContext context
            && context.Entry(user) is { State: not EntityState.Detached } entry)
        {
            await entry.ReloadAsync().ConfigureAwait(false);
        }
    }

    /// <returns>The session of this user in the request; null outside a request, and in the request of somebody else.</returns>
    public async Task<CurrentSession?> SessionOf(MfaSubject subject) =>
        http.HttpContext is { } context
        && Users.GetUserId(context.User) == subject.UserId
        && await CurrentSession.FindAsync(context).ConfigureAwait(false) is { } session
        && Users.GetUserId(session.Ticket.Principal) == subject.UserId
            ? session
            : null;

    /// <summary>Makes the browser of the request a known device of the user.</summary>
    public void KeepDevice(MfaSubject subject, string? token)
    {
        if (http.HttpContext is { Response.HasStarted: false } context)
        {
            device.Write(context, subject, token);
        }
    }

    private async Task<CodeAnswer> EnrolledAsync(TUser user, MfaSubject subject, CurrentSession session, MfaChangeResult confirmed)
    {
        if (confirmed.Succeeded)
        {
            NewCodes = confirmed.RecoveryCodes;
            KeepDevice(subject, confirmed.RevealKnownDevice());
            await ReloadAsync(user).ConfigureAwait(false);
            await enrollments.EndAsync(user, session).ConfigureAwait(false);
            Receipt = confirmed.Receipt;
            await SignIn.RenewAsync(user, facts => facts.Passed(MfaMethod.Totp, confirmed.ConfirmedAt!.Value), confirmed.Receipt)
                .ConfigureAwait(false);
        }

        return CodeAnswer.Of(confirmed.Outcome);
    }

    private bool TakeVerified(MfaSubject subject, string? code)
    {
        var isVerified = _verified is { } verified && verified.Subject == subject && verified.Code == code;
        _verified = null;
        return isVerified;
    }
}
