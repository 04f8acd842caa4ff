using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Core.Tests.Flows;

/// <summary>A service on the in-memory store with a clock that stands still, and one user with a phone.</summary>
internal sealed class Scenario
{
    private static int _gates;

    public static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public Scenario(MfaOptions? options = null, IMfaStore? store = null, ISecretProtector? protector = null, ProbeHasher? hasher = null)
    {
        Options = (options ?? new MfaOptions { Issuer = "Callroute" }).With(copy =>
        {
            if (copy.Recovery.MaximumHashWait == new RecoveryOptions().MaximumHashWait)
            {
                OwnGate(copy.Recovery);
            }

            copy.OnEvent = Collect;
        });
        Store = store ?? new InMemoryMfaStore();
        Protector = protector ?? new AesGcmSecretProtector(NewKeys("k1"));
        Hasher = hasher ?? new ProbeHasher();
        Mfa = new MfaService(Store, Protector, Hasher, Options, Clock);
    }

    public MfaOptions Options { get; }

    public IMfaStore Store { get; }

    public ISecretProtector Protector { get; }

    public ProbeHasher Hasher { get; }

    public FakeTimeProvider Clock { get; } = new(Start);

    public MfaService Mfa { get; }

    public List<MfaEvent> Events { get; } = [];

    public MfaSubject User { get; set; } = new("user-1");

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Sets bounds that no other test has: tests run at once, and services with equal bounds share one gate.</summary>
    public static RecoveryOptions OwnGate(RecoveryOptions recovery, int concurrency = 4, int queueLength = 1000)
    {
        recovery.HashConcurrency = concurrency;
        recovery.HashQueueLength = queueLength;
        recovery.MaximumHashWait = TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(Interlocked.Increment(ref _gates));
        return recovery;
    }

    public static KeyRing NewKeys(string activeId) => new(activeId, new Dictionary<string, byte[]> { [activeId] = RandomNumberGenerator.GetBytes(32) });

    /// <summary>Binds a phone and moves on to the next code.</summary>
    public async Task<(VirtualAuthenticator Phone, IssuedRecoveryCodes? Codes)> EnrollAsync(
        MfaProof? proof = null, Guid? replaces = null, string? name = null)
    {
        var offer = await Mfa.BeginEnrollmentAsync(User, "alice@example.com", proof, replaces, name, Token);
        Assert.True(offer.Succeeded, $"No offer: {offer.Outcome}");
        var phone = VirtualAuthenticator.Scan(offer.Uri.Reveal(), Clock);
        var confirmed = await Mfa.ConfirmEnrollmentAsync(User, offer.EnrollmentId, phone.GetCode(), Token);
        Assert.Equal(MfaChangeOutcome.Succeeded, confirmed.Outcome);
        NextCode();
        return (phone, confirmed.RecoveryCodes);
    }

    public void NextCode() => Clock.Advance(TimeSpan.FromSeconds(30));

    public async Task<VerificationResult> VerifyAsync(string? response, AttemptId? attempt = null) =>
        await Mfa.VerifyAsync(User, response, attempt ?? Mfa.BeginAttempt(), Token);

    /// <summary>Makes as many wrong guesses as are looked at, waiting where told.</summary>
    public async Task FailAsync(int times, Func<string> wrongCode)
    {
        for (var i = 0; i < times; i++)
        {
            var result = await VerifyAsync(wrongCode());
            Assert.Equal(RefusalReason.WrongCode, result.Reason);
            Clock.Advance(result.RetryAfter ?? TimeSpan.Zero);
        }
    }

    /// <summary>Guesses until the authenticators are suspended.</summary>
    public async Task FailToSuspensionAsync(VirtualAuthenticator phone)
    {
        while (!(await StatusAsync()).Totp.IsLockedOut)
        {
            Clock.Advance((await VerifyAsync(WrongCode(phone))).RetryAfter ?? TimeSpan.Zero);
        }
    }

    /// <summary>A code of six digits that the phone shows nowhere near now.</summary>
    public string WrongCode(VirtualAuthenticator phone)
    {
        var near = Enumerable.Range(-5, 11).Select(step => phone.GetCodeAt(Clock.GetUtcNow() + step * TimeSpan.FromSeconds(30))).ToHashSet();
        return Enumerable.Range(0, 20).Select(i => i.ToString("D6", System.Globalization.CultureInfo.InvariantCulture)).First(code => !near.Contains(code));
    }

    /// <summary>Moves on to the next code, which must be accepted.</summary>
    public async Task AssertAcceptsNextAsync(VirtualAuthenticator phone)
    {
        NextCode();
        var result = await VerifyAsync(phone.GetCode());
        Assert.True(result.Succeeded, result.ToString());
    }

    public MfaProof CodeOf(VirtualAuthenticator phone) => MfaProof.FromCode(phone.GetCode(), Mfa.BeginAttempt());

    public async Task<MfaProof> ReceiptAsync(string response)
    {
        var result = await VerifyAsync(response);
        Assert.True(result.Succeeded, result.ToString());
        NextCode();
        return MfaProof.FromReceipt(result.Receipt);
    }

    public async Task<MfaRecord> RecordAsync() => MfaRecordJson.Read((await Store.FindAsync(User, Token))!.Document, User);

    /// <summary>Changes the stored document as somebody with access to the store would.</summary>
    public async Task EditAsync(Action<JsonObject> edit)
    {
        var stored = await Store.FindAsync(User, Token);
        var json = JsonNode.Parse(stored!.Document.Span)!.AsObject();
        edit(json);
        Assert.True(await Store.TryWriteAsync(User, Encoding.UTF8.GetBytes(json.ToJsonString()), Guid.NewGuid(), stored.Version, Token));
    }

    public async Task<MfaStatus> StatusAsync() => await Mfa.GetStatusAsync(User, Token);

    private ValueTask Collect(MfaSubject subject, MfaEvent happened)
    {
        lock (Events)
        {
            Events.Add(happened);
        }

        return ValueTask.CompletedTask;
    }
}
