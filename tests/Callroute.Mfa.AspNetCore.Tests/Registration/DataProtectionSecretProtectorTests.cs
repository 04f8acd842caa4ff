using System.Text;
using Callroute.Mfa.Secrets;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Tests.Registration;

public sealed class DataProtectionSecretProtectorTests : IDisposable
{
    private static readonly byte[] Secret = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20];
    private static readonly ReadOnlyMemory<byte> Here = "totp/acme/ann/1"u8.ToArray();

    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("callroute-keys-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Elsewhere =>
        ["totp/acme/bob/1", "totp/acme/ann/", "totp/acme/ann/11", "TOTP/acme/ann/1", "probe", "a"];

    public void Dispose() => _keys.Delete(recursive: true);

    [Fact]
    public async Task Unprotect_SameAssociatedDataOnAnotherNode_GivesTheSecret()
    {
        var written = await NewNode().ProtectAsync(Secret, Here, Token);

        var node = NewNode();

        Assert.Equal(Secret, await node.UnprotectAsync(written, Here, Token));
        Assert.False(node.NeedsReencryption(written));
        Assert.True(written.AsSpan().IndexOf(Secret) < 0);
    }

    [Theory]
    [MemberData(nameof(Elsewhere), DisableDiscoveryEnumeration = true)]
    public async Task Unprotect_OtherAssociatedData_IsRefused(string elsewhere)
    {
        var protector = NewNode();
        var written = await protector.ProtectAsync(Secret, Here, Token);

        await Assert.ThrowsAsync<SecretProtectionException>(
            async () => await protector.UnprotectAsync(written, Encoding.UTF8.GetBytes(elsewhere), Token));
    }

    // Without associated data, a secret would not be bound to a user.
    [Fact]
    public async Task ProtectAndUnprotect_NoAssociatedData_IsRefusedByName()
    {
        var protector = NewNode();
        var written = await protector.ProtectAsync(Secret, Here, Token);

        await Assert.ThrowsAsync<ArgumentException>("associatedData", async () => await protector.ProtectAsync(Secret, default, Token));
        await Assert.ThrowsAsync<ArgumentException>("associatedData", async () => await protector.UnprotectAsync(written, default, Token));
    }

    [Fact]
    public async Task Unprotect_AlteredOrNoCiphertext_IsRefused()
    {
        var protector = NewNode();
        var written = await protector.ProtectAsync(Secret, Here, Token);

        for (var i = 0; i < written.Length; i++)
        {
            var altered = written.ToArray();
            altered[i] ^= 1;
            await Assert.ThrowsAsync<SecretProtectionException>(async () => await protector.UnprotectAsync(altered, Here, Token));
        }

        await Assert.ThrowsAsync<SecretProtectionException>(async () => await protector.UnprotectAsync(Array.Empty<byte>(), Here, Token));
    }

    [Fact]
    public async Task NeedsReencryption_KeyThatIsNotTheDefaultAnyMore_IsDueAndStillOpens()
    {
        var keys = NewServices().GetRequiredService<IKeyManager>();
        keys.CreateNewKey(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddYears(1));
        var written = await NewNode().ProtectAsync(Secret, Here, Token);
        keys.CreateNewKey(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));

        var protector = NewNode();

        Assert.True(protector.NeedsReencryption(written));
        Assert.Equal(Secret, await protector.UnprotectAsync(written, Here, Token));
        Assert.False(protector.NeedsReencryption(await protector.ProtectAsync(Secret, Here, Token)));
    }

    [Fact]
    public async Task Unprotect_KeyRevokedOrLost_IsRefused()
    {
        var written = await NewNode().ProtectAsync(Secret, Here, Token);
        NewServices().GetRequiredService<IKeyManager>().RevokeAllKeys(DateTimeOffset.UtcNow.AddMinutes(1), "stolen");

        await Assert.ThrowsAsync<SecretProtectionException>(async () => await NewNode().UnprotectAsync(written, Here, Token));
        foreach (var file in _keys.GetFiles())
        {
            file.Delete();
        }

        await Assert.ThrowsAsync<SecretProtectionException>(async () => await NewNode().UnprotectAsync(written, Here, Token));
    }

    private ServiceProvider NewServices()
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("tests").PersistKeysToFileSystem(_keys);
        return services.BuildServiceProvider();
    }

    private DataProtectionSecretProtector NewNode() => new(NewServices().GetRequiredService<IDataProtectionProvider>());
}
