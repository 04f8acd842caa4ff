using System.Security.Cryptography;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Sql;
using Callroute.Mfa.Testing;
using Microsoft.Data.Sqlite;

namespace Callroute.Mfa.Samples.Tests;

/// <summary>Runs the program of docs/getting-started/worker.md and docs/recipes/worker.md as a process.</summary>
public sealed class WorkerSampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("callroute-worker-").FullName;
    private readonly Dictionary<string, byte[]> _keys = new()
    {
        ["k1"] = RandomNumberGenerator.GetBytes(32),
        ["k2"] = RandomNumberGenerator.GetBytes(32),
    };

    private string ConnectionString => $"Data Source={Path.Combine(_folder, "mfa.db")};Pooling=False";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Worker_EnrolAndVerify_AcceptsEachCodeOnce() =>
        WorkerRun.AssertAcceptsEachCodeOnceAsync(BuiltProgram.Of("Worker"), ConnectionString);

    [Fact]
    public async Task Rotation_RunToItsEnd_MakesTheOldKeyNeedless()
    {
        var ann = new MfaSubject("ann");
        using var phone = await EnrolUnderTheOldKeyAsync(ann);

        var (exitCode, output, error) = Rotate();

        Assert.True(exitCode == 0, output + error);
        Assert.Contains("1 records were encrypted under the active key, 0 failed.", output, StringComparison.Ordinal);
        await using var source = SqliteFactory.Instance.CreateDataSource(ConnectionString);
        var mfa = ServiceOn(source, "k2");
        var code = phone.GetCodeAt(DateTimeOffset.UtcNow.AddSeconds(30));
        var result = await mfa.VerifyAsync(ann, code, mfa.BeginAttempt(), cancellationToken: Token);
        Assert.True(result.Succeeded, $"{result}");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<VirtualAuthenticator> EnrolUnderTheOldKeyAsync(MfaSubject user)
    {
        await using var source = SqliteFactory.Instance.CreateDataSource(ConnectionString);
        await new SqlMfaStore(source, SqlDialect.Sqlite).CreateTableAsync(Token);
        var mfa = ServiceOn(source, "k1");
        var offer = await mfa.BeginEnrollmentAsync(user, "ann@example.com", cancellationToken: Token);
        var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), TimeProvider.System);
        Assert.True((await mfa.ConfirmEnrollmentAsync(user, offer.EnrollmentId, phone.GetCode(), Token)).Succeeded);
        return phone;
    }

    // With only one key: secrets under the other key cannot be opened.
    private MfaService ServiceOn(System.Data.Common.DbDataSource source, string key) => new(
        new SqlMfaStore(source, SqlDialect.Sqlite),
        new AesGcmSecretProtector(new KeyRing(key, _keys.Where(k => k.Key == key).ToDictionary())),
        new Argon2RecoveryCodeHasher(),
        new MfaOptions { Issuer = "Rotation" });

    private (int ExitCode, string Output, string Error) Rotate() => ExternalProgram.RunAny("dotnet",
    [
        BuiltProgram.Of("Worker"), "--Mfa:Rotate", "true",
        "--ConnectionStrings:Mfa", ConnectionString, "--Mfa:ActiveKey", "k2",
        .. _keys.SelectMany(key => new[] { $"--Mfa:Keys:{key.Key}", Convert.ToBase64String(key.Value) }),
    ]);
}
