using System.Globalization;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Callroute.Mfa.TestServers;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Tests;

/// <summary>A user with an authenticator app and a recovery code, and the service that enrolled the user.</summary>
public sealed class EnrolledUser
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock;

    private EnrolledUser(IMfaStore store, FakeTimeProvider clock)
    {
        _clock = clock;
        Mfa = ServiceOn(store);
    }

    public MfaSubject User { get; } = new($"user-{Guid.NewGuid():N}", "tenant");

    public MfaService Mfa { get; }

    public VirtualAuthenticator Phone { get; private set; } = null!;

    /// <summary>The first recovery code of the enrolment.</summary>
    public string RecoveryCode { get; private set; } = null!;

    /// <summary>The code that the app shows next: the one that it shows now confirmed the enrolment.</summary>
    public string Code => Phone.GetCodeAt(_clock.GetUtcNow() + Step);

    /// <summary>A code of six digits that is wrong for all steps near the current time.</summary>
    public string WrongCode
    {
        get
        {
            var near = Enumerable.Range(-5, 11).Select(step => Phone.GetCodeAt(_clock.GetUtcNow() + (step * Step))).ToHashSet();
            return Enumerable.Range(0, 20).Select(i => i.ToString("D6", CultureInfo.InvariantCulture)).First(code => !near.Contains(code));
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Binds an authenticator app.</summary>
    /// <param name="store">The store under test.</param>
    /// <param name="clock">The clock of the service; null for one of the user's own.</param>
    public static async Task<EnrolledUser> EnrollAsync(IMfaStore store, FakeTimeProvider? clock = null)
    {
        var user = new EnrolledUser(store, clock ?? new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero)));
        var offer = await user.Mfa.BeginEnrollmentAsync(user.User, "alice@example.com", cancellationToken: Token);
        user.Phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), user._clock);
        var confirmed = await user.Mfa.ConfirmEnrollmentAsync(user.User, offer.EnrollmentId, user.Phone.GetCode(), Token);
        Assert.Equal(MfaChangeOutcome.Succeeded, confirmed.Outcome);
        user.RecoveryCode = confirmed.RecoveryCodes!.Reveal()[0];
        return user;
    }

    /// <summary>The same application on another store, as another node of it.</summary>
    public MfaService ServiceOn(IMfaStore store) => TestService.Create(store, _clock);

    /// <summary>Waits until the app shows another code.</summary>
    public void NextCode() => _clock.Advance(Step);

    public async Task<VerificationResult> VerifyAsync(string response, MfaService? service = null, AttemptId? attempt = null) =>
        await (service ?? Mfa).VerifyAsync(User, response, attempt ?? Mfa.BeginAttempt(), cancellationToken: Token);

    public async Task<int> FailuresAsync() => (await Mfa.GetStatusAsync(User, Token)).TotpOnUnknownDevices.ConsecutiveFailures;
}
