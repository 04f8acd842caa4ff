using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Throttling;

/// <summary>An owner who signs in twice a day, and parties who act beside them. Each party says when it acts again.</summary>
internal sealed class Simulation
{
    private const int FreeGuesses = 4;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly Scenario _scenario = new();
    private readonly PriorityQueue<Func<Task<TimeSpan>>, (DateTimeOffset At, int Order)> _parties = new();

    private VirtualAuthenticator[] _phones = [];
    private DateTimeOffset _start;

    /// <summary>Whether the owner's browser presents its token.</summary>
    public bool IsOwnerKnown { get; init; } = true;

    public int SignIns { get; private set; }

    /// <summary>Guesses that were checked.</summary>
    public int Guesses { get; private set; }

    /// <summary>Sign-ins of the owner that were refused, with a right code.</summary>
    public int Refusals { get; private set; }

    /// <summary>The day of the owner's first refusal, from 0; null if there was none.</summary>
    public double? FirstRefusalOnDay { get; private set; }

    private MfaService Mfa => _scenario.Mfa;

    private DateTimeOffset Now => _scenario.Clock.GetUtcNow();

    private string? TokenOfOwner => IsOwnerKnown ? _scenario.KnownDevice : null;

    public static async Task<Simulation> BeginAsync(bool isOwnerKnown = true, bool hasTwoPhones = false)
    {
        var simulation = new Simulation { IsOwnerKnown = isOwnerKnown };
        var scenario = simulation._scenario;
        var (first, _) = await scenario.EnrollAsync();
        simulation._phones = hasTwoPhones ? [first, (await scenario.EnrollAsync(scenario.CodeOf(first))).Phone] : [first];
        scenario.NextCode();
        scenario.KnownDevice = (await scenario.VerifyAsync(first.GetCode())).RevealKnownDevice();
        scenario.NextCode();
        simulation._start = simulation.Now;
        return simulation;
    }

    public void Add(Func<Task<TimeSpan>> party, TimeSpan after = default) => _parties.Enqueue(party, (Now + after, _parties.Count));

    public async Task RunAsync(int days)
    {
        while (_parties.TryDequeue(out var party, out var turn) && turn.At < _start.AddDays(days))
        {
            _scenario.Clock.SetUtcNow(turn.At > Now ? turn.At : Now);
            _parties.Enqueue(party, (Now + await party(), turn.Order));
        }
    }

    /// <summary>The owner signs in twice a day, each time after some wrong codes of the same attempt.</summary>
    public Func<Task<TimeSpan>> Owner(int typingErrors = 0) => async () =>
    {
        var attempt = Mfa.BeginAttempt();
        for (var i = 0; i < typingErrors; i++)
        {
            await VerifyAsync(WrongCode(), attempt, TokenOfOwner);
        }

        await SignInAsync(attempt);
        return Day / 2;
    };

    /// <summary>The owner types a wrong code and leaves.</summary>
    public Func<Task<TimeSpan>> AbandonedErrors(double perWeek) => async () =>
    {
        await VerifyAsync(WrongCode(), Mfa.BeginAttempt(), TokenOfOwner);
        return 7 * Day / perWeek;
    };

    /// <summary>A guesser, in each group of devices that they can be in.</summary>
    /// <param name="guess">Makes one guess.</param>
    /// <param name="hasToken">Whether they have a token of the owner, and guess on known devices too.</param>
    /// <param name="patience">1 to guess as soon as a guess is checked; 2 to wait twice as long, so that the owner can sign in.</param>
    public void AddGuesser(Func<AttemptId, string?, Task<VerificationResult>> guess, bool hasToken = false, int patience = 1)
    {
        Add(() => GuessAsync(guess, null, patience));
        if (hasToken)
        {
            Add(() => GuessAsync(guess, _scenario.KnownDevice, patience));
        }
    }

    /// <summary>A thief guesses in the owner's own form of a step-up, just before the owner, on the same devices.</summary>
    public async Task<TimeSpan> GuessInTheOwnersFormAsync()
    {
        var attempt = Mfa.BeginAttempt();
        for (var i = 0; i < FreeGuesses; i++)
        {
            Count(await VerifyAsync(WrongCode(), attempt, TokenOfOwner, isStepUp: true));
        }

        await SignInAsync(attempt, isStepUp: true);
        return Day / 2;
    }

    public Task<VerificationResult> GuessAtSignInAsync(AttemptId attempt, string? token) => VerifyAsync(WrongCode(), attempt, token);

    public Task<VerificationResult> GuessAtStepUpAsync(AttemptId attempt, string? token) =>
        VerifyAsync(WrongCode(), attempt, token, isStepUp: true);

    public async Task<VerificationResult> GuessAsProofAsync(AttemptId attempt, string? token) =>
        (await _scenario.RegenerateAsync(MfaProof.FromCode(WrongCode(), attempt, token))).Verification!;

    public Task<VerificationResult> GuessRecoveryCodeAsync(AttemptId attempt, string? token) =>
        VerifyAsync(Scenario.WrongRecoveryCode(), attempt, token);

    public async Task<TimeSpan> UnlockAsync()
    {
        await _scenario.UnlockAsync();
        return 30 * Day;
    }

    /// <summary>The owner replaces the recovery codes, which ends the failures in a row of the old ones.</summary>
    public async Task<TimeSpan> RenewRecoveryCodesAsync()
    {
        _scenario.NextCode();
        var change = await _scenario.RegenerateAsync(MfaProof.FromCode(_phones[0].GetCode(), Mfa.BeginAttempt(), TokenOfOwner));
        await _scenario.AcknowledgeAsync(change.RecoveryCodes);
        return 30 * Day;
    }

    private async Task<TimeSpan> GuessAsync(Func<AttemptId, string?, Task<VerificationResult>> guess, string? token, int patience)
    {
        var result = await guess(Mfa.BeginAttempt(), token);
        Count(result);
        return patience * (result.RetryAfter ?? (result.Reason == RefusalReason.LockedOut ? Day : TimeSpan.Zero));
    }

    private async Task SignInAsync(AttemptId attempt, bool isStepUp = false)
    {
        var result = await VerifyAsync(_phones[SignIns++ % _phones.Length].GetCode(), attempt, TokenOfOwner, isStepUp);
        _scenario.KnownDevice = result.RevealKnownDevice() ?? _scenario.KnownDevice;
        if (!result.Succeeded)
        {
            Refusals++;
            FirstRefusalOnDay ??= (Now - _start).TotalDays;
        }
    }

    private async Task<VerificationResult> VerifyAsync(string code, AttemptId attempt, string? token, bool isStepUp = false) =>
        await Mfa.VerifyAsync(_scenario.User, code, attempt, token, isStepUp, cancellationToken: Scenario.Token);

    private string WrongCode() => _scenario.WrongCode(_phones);

    private void Count(VerificationResult guess) => Guesses += guess.Reason == RefusalReason.WrongCode ? 1 : 0;
}
