using System.Text;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Packages.Tests.Docs.Snippets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.TestServers;
using Microsoft.Extensions.Time.Testing;
using OtpNet;

namespace Callroute.Mfa.Packages.Tests.Docs;

/// <summary>The examples of docs/upgrading-existing-users.md: phones and recovery codes stay as they are.</summary>
public sealed class MovingUsersTests
{
    // The time step and the code are those of GoogleAuthenticator's own tests, for this secret as text.
    private const string GoogleSecret = "JBSWY3DPEHPK3PXP";
    private const string GoogleCode = "508826";
    private static readonly DateTimeOffset GoogleTime = DateTimeOffset.FromUnixTimeSeconds(54615912L * 30);
    private static readonly byte[] Key = KeyGeneration.GenerateRandomKey(10);

    private readonly FakeTimeProvider _clock = new(GoogleTime);
    private readonly MfaService _mfa;

    public MovingUsersTests() => _mfa = TestService.Create(new InMemoryMfaStore(), _clock);

    public static TheoryData<string> Systems => ["Otp.NET", "GoogleAuthenticator, text", "GoogleAuthenticator, Base32", "own table"];

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task VerifyAsync_FirstCodeOfTheOldPhone_MovesTheUserAndWorksOnce(string system)
    {
        var (user, moving, code) = Old(system);

        var first = await moving.VerifyAsync(user, code, _mfa.BeginAttempt());
        var second = await moving.VerifyAsync(user, code, _mfa.BeginAttempt());

        Assert.True(first.Succeeded, first.ToString());
        Assert.Equal((RefusalReason.Replayed, true), (second.Reason, user.IsMoved));
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task MoveAsync_Everybody_PhoneAndRecoveryCodeWorkOnceAfterwards(string system)
    {
        var (user, moving, shown) = Old(system);

        Assert.Empty(await moving.MoveAsync([user]));
        Assert.Empty(await moving.MoveAsync([user]));
        var onScreen = await moving.VerifyAsync(user, shown, _mfa.BeginAttempt());
        _clock.Advance(TimeSpan.FromMinutes(3));
        var next = await moving.VerifyAsync(user, Old(system).Code, _mfa.BeginAttempt());
        var recovered = await moving.VerifyAsync(user, user.RecoveryCodes[0], _mfa.BeginAttempt());
        var again = await moving.VerifyAsync(user, user.RecoveryCodes[0], _mfa.BeginAttempt());

        Assert.Equal(RefusalReason.Replayed, onScreen.Reason);
        Assert.True(next.Succeeded && recovered.Succeeded && !again.Succeeded, $"{next} {recovered} {again}");
    }

    [Theory]
    [InlineData("12345", RefusalReason.Malformed)]
    [InlineData("ABCD-EFGH-JKMN-PQRS-TVWX-YZ01", RefusalReason.NotEnrolled)]
    public async Task VerifyAsync_NoCodeOfTheApp_LeavesTheUserWhereTheyAre(string typed, RefusalReason reason)
    {
        var (user, moving, code) = Old("Otp.NET");

        var typo = await moving.VerifyAsync(user, typed, _mfa.BeginAttempt());
        var isMoved = user.IsMoved;

        Assert.Equal((reason, false), (typo.Reason, isMoved));
        Assert.True((await moving.VerifyAsync(user, code, _mfa.BeginAttempt())).Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_RecordOfAMovedUserIsLost_IsRefused()
    {
        var (user, moving, code) = Old("Otp.NET");
        user.IsMoved = true;

        Assert.Equal(RefusalReason.NotEnrolled, (await moving.VerifyAsync(user, code, _mfa.BeginAttempt())).Reason);
    }

    [Fact]
    public async Task MoveAsync_SecretTooShort_IsNamed()
    {
        var user = new OldUser { Id = "ann", Secret = "MZXW6YTB" };
        var moving = new MovingUsers(
            _mfa, old => SharedSecret.FromBytes(Base32.Decode(old.Secret), minimumSize: 1), new TotpParameters(), _ => Task.CompletedTask);

        Assert.Equal(["ann: NotImportable"], await moving.MoveAsync([user]));
    }

    private (OldUser User, MovingUsers Moving, string Code) Old(string system)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        var (secret, read, parameters, code) = system switch
        {
            "Otp.NET" => (Base32Encoding.ToString(Key), OldSecrets.FromOtpNet, new(), new OtpNet.Totp(Key).ComputeTotp(now)),
            "own table" => (
                Convert.ToHexString(Key),
                OldSecrets.FromHex,
                OldSecrets.OldParameters,
                new OtpNet.Totp(Key, 60, OtpHashMode.Sha256, 8).ComputeTotp(now)),
            "GoogleAuthenticator, text" => (
                GoogleSecret, user => OldSecrets.FromGoogleAuthenticator(user, false), new(), GoogleCodeAt(now)),
            _ => (
                Base32Encoding.ToString(Encoding.UTF8.GetBytes(GoogleSecret)),
                (Func<OldUser, SharedSecret>)(user => OldSecrets.FromGoogleAuthenticator(user, true)),
                new TotpParameters(),
                GoogleCodeAt(now)),
        };
        var user = new OldUser { Id = "ann", Secret = secret, RecoveryCodes = ["x7k9m-2p4qa", "h3j5n-8r6tb"] };
        return (user, new(_mfa, read, parameters, _ => Task.CompletedTask), code);
    }

    private static string GoogleCodeAt(DateTime time) =>
        time == GoogleTime.UtcDateTime ? GoogleCode : new OtpNet.Totp(Encoding.UTF8.GetBytes(GoogleSecret)).ComputeTotp(time);
}
