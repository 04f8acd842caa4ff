using System.Security.Cryptography;
using Callroute.Mfa.Storage;
using Callroute.Mfa.StoreProbe;
using Callroute.Mfa.Testing;
using Callroute.Mfa.TestServers;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>A service on an engine, with a clock that stands still, as every process of a test has it.</summary>
public sealed class StoreScenario : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly string _prefix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private int _users;

    private StoreScenario(TestEngine engine, string connectionString, IMfaStore store)
    {
        (Engine, ConnectionString, Store) = (engine, connectionString, store);
        Mfa = ServiceOn(store);
    }

    public static TheoryData<string> AllEngines => [.. Engines.All.Select(engine => engine.Name)];

    public TestEngine Engine { get; }

    public string ConnectionString { get; }

    public IMfaStore Store { get; }

    /// <summary>The key that encrypts secrets, in Base64.</summary>
    public string Key { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public FakeTimeProvider Clock { get; } = new(Start);

    public MfaService Mfa { get; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Opens the store of an engine; skips the test, with the reason, where the engine cannot run here.</summary>
    public static async Task<StoreScenario> OnAsync(string engineName)
    {
        var engine = Engines.Named(engineName);
        Assert.SkipWhen(engine.WhyMissing() is not null, engine.WhyMissing() ?? string.Empty);
        return await OnAsync(engine, await engine.ConnectAsync());
    }

    public static async Task<StoreScenario> OnAsync(TestEngine engine, string connectionString) =>
        new(engine, connectionString, await engine.OpenAsync(connectionString));

    public MfaService ServiceOn(IMfaStore store, TimeProvider? clock = null) => ProbeService.Create(store, Key, clock ?? Clock);

    /// <summary>What a process of its own is told to work on the same.</summary>
    public Place Place => new(Engine.Name, ConnectionString, Key, Clock.GetUtcNow());

    public MfaSubject NewUser() => new($"{_prefix}-{_users++}");

    /// <summary>Binds a phone.</summary>
    public async Task<Member> EnrollAsync(MfaSubject? user = null)
    {
        var subject = user ?? NewUser();
        var offer = await Mfa.BeginEnrollmentAsync(subject, "alice@example.com", cancellationToken: Token);
        var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), Clock);
        var confirmed = await Mfa.ConfirmEnrollmentAsync(subject, offer.EnrollmentId, phone.GetCode(), Token);
        Assert.Equal(MfaChangeOutcome.Succeeded, confirmed.Outcome);
        return new Member(subject, phone, confirmed.RecoveryCodes!.Reveal()[0], confirmed.RecoveryCodes.SetId);
    }

    /// <summary>The code that the phone shows next: the one that it shows now confirmed the enrolment.</summary>
    public string NextCodeOf(Member member) => member.Phone.GetCodeAt(Clock.GetUtcNow() + TimeSpan.FromSeconds(30));

    public async Task<VerificationResult> VerifyAsync(Member member, string response, AttemptId? attempt = null) =>
        await Mfa.VerifyAsync(member.User, response, attempt ?? Mfa.BeginAttempt(), Token);

    /// <summary>A code of six digits that the phone shows nowhere near now.</summary>
    public string WrongCode(Member member)
    {
        var near = Enumerable.Range(-5, 11).Select(step => member.Phone.GetCodeAt(Clock.GetUtcNow() + (step * TimeSpan.FromSeconds(30)))).ToHashSet();
        return Enumerable.Range(0, 20).Select(i => i.ToString("D6", System.Globalization.CultureInfo.InvariantCulture)).First(code => !near.Contains(code));
    }

    public async ValueTask DisposeAsync()
    {
        switch (Store)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }
    }
}
