using BenchmarkDotNet.Attributes;
using Callroute.Mfa.Otp;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.Benchmarks;

/// <summary>A wrong code compared with ASP.NET Core Identity's provider, which checks five steps. Both read the clock.</summary>
[MemoryDiagnoser]
public class IdentityBenchmarks
{
    private const string WrongCode = "000000";

    private static readonly byte[] Key = "12345678901234567890"u8.ToArray();
    private static readonly TotpParameters Parameters = new();

    private readonly SharedSecret _secret = SharedSecret.FromBytes(Key);
    private readonly AuthenticatorTokenProvider<User> _provider = new();
    private readonly UserManager<User> _users = CreateManager();
    private readonly User _user = new(Base32.Encode(Key));

    [GlobalCleanup]
    public void Cleanup()
    {
        _secret.Dispose();
        _users.Dispose();
    }

    [Benchmark(Baseline = true, Description = "ASP.NET Core Identity")]
    public Task<bool> Identity() => _provider.ValidateAsync("TwoFactor", WrongCode, _users, _user);

    [Benchmark(Description = "Totp.Verify, the same five steps")]
    public bool SameSteps() => Totp.Verify(_secret, Parameters, WrongCode, TimeProvider.System.GetUtcNow(), 2, 2) is not null;

    [Benchmark(Description = "Totp.Verify, three steps")]
    public bool ThreeSteps() => Totp.Verify(_secret, Parameters, WrongCode, TimeProvider.System.GetUtcNow(), 1, 1) is not null;

    private static UserManager<User> CreateManager() =>
        new(new UserStore(), Options.Create(new IdentityOptions()), null!, [], [], null!, null!, null!, null!);

    private sealed record User(string AuthenticatorKey);

    /// <summary>Keeps the key in the user object, so that no store is measured.</summary>
    private sealed class UserStore : IUserAuthenticatorKeyStore<User>
    {
        public Task<string?> GetAuthenticatorKeyAsync(User user, CancellationToken cancellationToken) =>
            Task.FromResult<string?>(user.AuthenticatorKey);

        public Task SetAuthenticatorKeyAsync(User user, string key, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
