using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Core.Tests;

/// <summary>A service on the in-memory store with a fixed clock, and one user with a phone.</summary>
internal sealed class Scenario
{
    private static int _gates;

    public static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public Scenario(
        MfaOptions? options = null,
        IMfaStore? store = null,
        ISecretProtector? protector = null,
        ProbeHasher? hasher = null,
        FakeTimeProvider? clock = null)
    {
        Options = (options ?? new MfaOptions { Issuer = "Callroute" }).With(copy =>
        {
            if (copy.Recovery.MaximumHashWait == new RecoveryOptions().MaximumHashWait)
            {
                OwnGate(copy.Recovery);
            }

            copy.OnEvent = Collect;
            copy.OnEnrolledChanged ??= (_, _) => ValueTask.CompletedTask;
        });
        Store = store ?? new InMemoryMfaStore();
        Protector = protector ?? new AesGcmSecretProtector(NewKeys("k1"));
        Hasher = hasher ?? new ProbeHasher();
        Clock = clock ?? new FakeTimeProvider(Start);
        Mfa = new MfaService(Store, Protector, Hasher, Options, Clock);
    }

    public Scenario(Action<MfaOptions> change, IMfaStore? store = null)
        : this(new MfaOptions { Issuer = "Callroute" }.With(change), store)
    {
    }

    public MfaOptions Options { get; }

    public IMfaStore Store { get; }

    public ISecretProtector Protector { get; }

    public ProbeHasher Hasher { get; }

    public FakeTimeProvider Clock { get; }

    public MfaService Mfa { get; }

    public MfaImport Import => new(Mfa);

    public List<MfaEvent> Events { get; } = [];

    /// <summary>The event handler of the application.</summary>
    public Func<MfaEvent, ValueTask>? OnEvent { get; set; }

    public MfaSubject User { get; set; } = new("user-1");

    /// <summary>When the user's session began.</summary>
    public DateTimeOffset? SignedInAt { get; set; }

    /// <summary>The token that the user's device presents.</summary>
    public string? KnownDevice { get; set; }

    /// <summary>The token of the device on which the user enrolled first.</summary>
    public string? FirstDevice { get; private set; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Sets limits that no other test uses. Tests run at the same time, and services with equal limits share one gate.</summary>
    public static RecoveryOptions OwnGate(RecoveryOptions recovery, int concurrency = 4, int queueLength = 1000)
    {
        recovery.HashConcurrency = concurrency;
        recovery.HashQueueLength = queueLength;
        recovery.MaximumHashWait = TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(Interlocked.Increment(ref _gates));
        return recovery;
    }

    public static KeyRing NewKeys(string activeId) =>
        new(activeId, new Dictionary<string, byte[]> { [activeId] = RandomNumberGenerator.GetBytes(32) });

    public static string WrongRecoveryCode() => RecoveryCode.Generate().Reveal();

    /// <summary>Another service on the same store and clock, for the same user.</summary>
    public Scenario Beside(Action<MfaOptions>? change = null, ISecretProtector? protector = null, ProbeHasher? hasher = null) =>
        new(Options.With(change ?? (_ => { })), Store, protector ?? Protector, hasher ?? Hasher, Clock) { User = User };

    /// <summary>Binds a phone and moves on to the next code.</summary>
    public async Task<(VirtualAuthenticator Phone, IssuedRecoveryCodes? Codes)> EnrollAsync(
        MfaProof? proof = null, Guid? replaces = null, string? name = null)
    {
        var offer = await BeginAsync(proof, replaces, name: name);
        Assert.True(offer.Succeeded, $"No offer: {offer.Outcome}");
        var phone = Scan(offer);
        var confirmed = await ConfirmAsync(offer, phone.GetCode());
        Assert.Equal(MfaChangeOutcome.Succeeded, confirmed.Outcome);
        FirstDevice = confirmed.RevealKnownDevice() ?? FirstDevice;
        NextCode();
        return (phone, confirmed.RecoveryCodes);
    }

    /// <summary>A phone that another system has enrolled.</summary>
    public (VirtualAuthenticator Phone, SharedSecret Secret) OldPhone()
    {
        var secret = SharedSecret.Generate();
        return (VirtualAuthenticator.FromManualKey(secret.RevealBase32(), Clock), secret);
    }

    public async Task<MfaChangeResult> ImportAsync(SharedSecret secret, TotpParameters? parameters = null) =>
        await Import.ImportAuthenticatorAsync(User, secret, parameters ?? new(), "old phone", Token);

    /// <summary>Imports a new phone, and recovery codes if they are given. Moves on to the next code that works.</summary>
    public async Task<VirtualAuthenticator> ImportPhoneAsync(params string[] codes)
    {
        var (phone, secret) = OldPhone();
        Assert.Equal(MfaChangeOutcome.Succeeded, (await ImportAsync(secret)).Outcome);
        Assert.True(codes.Length == 0 || (await ImportCodesAsync(codes)).Succeeded);
        Clock.Advance(TimeSpan.FromSeconds(60));
        return phone;
    }

    public async Task<MfaChangeResult> ImportCodesAsync(params string[] codes) =>
        await Import.ImportRecoveryCodesAsync(User, codes, Token);

    public async Task<VerificationResult> VerifyAndImportAsync(
        SharedSecret secret, string? response, AttemptId? attempt = null, TotpParameters? parameters = null) =>
        await Import.VerifyAndImportAsync(
            User, secret, parameters ?? new(), "old phone", response, attempt ?? Mfa.BeginAttempt(), KnownDevice, Token);

    /// <summary>Binds two phones; the first proves the second.</summary>
    public async Task<(VirtualAuthenticator First, VirtualAuthenticator Second, IssuedRecoveryCodes Codes)> EnrollTwoAsync()
    {
        var (first, codes) = await EnrollAsync();
        var (second, _) = await EnrollAsync(CodeOf(first));
        return (first, second, codes!);
    }

    public async Task<EnrollmentOffer> BeginAsync(
        MfaProof? proof = null, Guid? replaces = null, string account = "alice", string? name = null, string? issuer = null) =>
        await Mfa.BeginEnrollmentAsync(User, account, proof, replaces, name, SignedInAt, issuer, Token);

    public async Task<EnrollmentOffer> ResumeAsync(Guid enrollmentId, string account = "alice", string? issuer = null) =>
        await Mfa.ResumeEnrollmentAsync(User, enrollmentId, account, issuer, Token);

    public VirtualAuthenticator Scan(EnrollmentOffer offer) => VirtualAuthenticator.Scan(offer.Uri!.Reveal(), Clock);

    public async Task<(EnrollmentOffer Offer, VirtualAuthenticator Phone)> BeginAndScanAsync(MfaProof? proof = null, Guid? replaces = null)
    {
        var offer = await BeginAsync(proof, replaces);
        return (offer, Scan(offer));
    }

    public async Task<MfaChangeResult> ConfirmAsync(EnrollmentOffer offer, string? code) =>
        await Mfa.ConfirmEnrollmentAsync(User, offer.EnrollmentId, code, Token);

    public async Task<MfaChangeResult> RegenerateAsync(MfaProof? proof) =>
        await Mfa.RegenerateRecoveryCodesAsync(User, proof, Token);

    public async Task<MfaChangeResult> AcknowledgeAsync(IssuedRecoveryCodes? codes) =>
        await Mfa.AcknowledgeRecoveryCodesAsync(User, codes!.SetId, Token);

    public async Task<MfaChangeResult> RemoveAsync(Guid authenticatorId, MfaProof? proof) =>
        await Mfa.RemoveAuthenticatorAsync(User, authenticatorId, proof, Token);

    public async Task<MfaChangeResult> DisableAsync(MfaProof? proof) => await Mfa.DisableAsync(User, MfaPolicy.Optional, proof, Token);

    public async Task<MfaChangeResult> RevokeAsync(MfaProof? proof, Guid? deviceId = null) =>
        await Mfa.RevokeKnownDevicesAsync(User, proof, deviceId, Token);

    /// <summary>Resets as an administrator. The user signs in again afterwards.</summary>
    public async Task<MfaChangeResult> ResetAsync(
        string reason = "Phone lost", TimeSpan? enrollmentPeriod = null, bool allowPasswordAlone = false)
    {
        var result = await Mfa.ResetAsync(User, reason, enrollmentPeriod, allowPasswordAlone, Token);
        SignedInAt = Clock.GetUtcNow();
        return result;
    }

    public async Task<MfaChangeResult> UnlockAsync(string reason = "Passport checked") => await Mfa.UnlockAsync(User, reason, Token);

    public async Task<MfaChangeResult> EraseAsync() => await Mfa.EraseAsync(User, Token);

    public async Task<string?> ExportAsync() => await Mfa.ExportAsync(User, Token);

    public async Task<SignInRequirement> RequirementAsync(MfaPolicy policy = MfaPolicy.Optional, bool isEnrolled = false) =>
        await Mfa.GetSignInRequirementAsync(User, policy, isEnrolled, Token);

    public async Task<IReadOnlyList<KeyRotationResult>> RotateKeysAsync() => await Mfa.RotateKeysAsync(Token).ToListAsync(Token);

    public async Task<Guid> FirstAuthenticatorAsync() => (await StatusAsync()).Authenticators[0].Id;

    public void NextCode() => Clock.Advance(TimeSpan.FromSeconds(30));

    public async Task<VerificationResult> VerifyAsync(
        string? response, AttemptId? attempt = null, CancellationToken? token = null, Guid? bindingVersion = null) =>
        await Mfa.VerifyAsync(
            User, response, attempt ?? Mfa.BeginAttempt(), KnownDevice, bindingVersion: bindingVersion, cancellationToken: token ?? Token);

    /// <summary>Enters wrong codes, and waits for the time in the answer before the next code, but not for the end of a lockout.</summary>
    public async Task FailAsync(int times, Func<string> wrongCode)
    {
        for (var i = 0; i < times; i++)
        {
            var result = await VerifyAsync(wrongCode());
            Assert.Equal(RefusalReason.WrongCode, result.Reason);
            Wait(result);
        }
    }

    public void Wait(VerificationResult result) =>
        Clock.Advance(result.UserMessage == UserMessage.WaitUntil ? result.RetryAfter!.Value : TimeSpan.Zero);

    public Task FailAsync(int times, VirtualAuthenticator phone) => FailAsync(times, () => WrongCode(phone));

    public Task FailRecoveryAsync(int times) => FailAsync(times, WrongRecoveryCode);

    /// <summary>Enters wrong codes until the authenticators are locked out on unknown devices.</summary>
    public async Task LockOutAsync(VirtualAuthenticator phone)
    {
        await FailAsync(Options.TotpThrottle.LockoutThreshold - 1, phone);
        Assert.Equal(RefusalReason.WrongCode, (await VerifyAsync(WrongCode(phone))).Reason);
    }

    /// <summary>A code of six digits that is wrong for all steps near the current time.</summary>
    public string WrongCode(params VirtualAuthenticator[] phones)
    {
        var times = Enumerable.Range(-5, 11).Select(step => Clock.GetUtcNow() + step * TimeSpan.FromSeconds(30)).ToArray();
        var near = phones.SelectMany(phone => times.Select(phone.GetCodeAt)).ToHashSet();
        return Enumerable.Range(0, 60).Select(i => $"{i:D6}").First(code => !near.Contains(code));
    }

    /// <summary>Moves on to the next code, which must be accepted.</summary>
    public async Task AssertAcceptsNextAsync(VirtualAuthenticator phone)
    {
        NextCode();
        var result = await VerifyAsync(phone.GetCode());
        Assert.True(result.Succeeded, result.ToString());
    }

    public MfaProof ProofOf(string code) => MfaProof.FromCode(code, Mfa.BeginAttempt(), KnownDevice);

    public MfaProof CodeOf(VirtualAuthenticator phone) => ProofOf(phone.GetCode());

    public async Task<MfaProof> ReceiptAsync(string response)
    {
        var result = await VerifyAsync(response);
        Assert.True(result.Succeeded, result.ToString());
        NextCode();
        return MfaProof.FromReceipt(result.Receipt);
    }

    public async Task<MfaRecord> RecordAsync() => MfaRecordJson.Read((await Store.FindAsync(User, Token))!.Document, User);

    public async Task<string> DocumentAsync() => Encoding.UTF8.GetString((await Store.FindAsync(User, Token))!.Document.Span);

    /// <summary>Changes the stored document, like an attacker with access to the store.</summary>
    public async Task EditAsync(Func<string, string> edit)
    {
        var stored = (await Store.FindAsync(User, Token))!;
        var changed = Encoding.UTF8.GetBytes(edit(Encoding.UTF8.GetString(stored.Document.Span)));
        Assert.True(await Store.TryWriteAsync(User, changed, Guid.NewGuid(), stored.Version, Token));
    }

    public Task EditJsonAsync(Action<JsonObject> edit) => EditAsync(document =>
    {
        var json = JsonNode.Parse(document)!.AsObject();
        edit(json);
        return json.ToJsonString();
    });

    public async Task<MfaStatus> StatusAsync() => await Mfa.GetStatusAsync(User, Token);

    private ValueTask Collect(MfaSubject subject, MfaEvent happened)
    {
        lock (Events)
        {
            Events.Add(happened);
        }

        return OnEvent?.Invoke(happened) ?? ValueTask.CompletedTask;
    }
}
