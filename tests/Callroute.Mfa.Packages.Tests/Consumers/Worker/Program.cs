using System.Security.Cryptography;
using Callroute.Mfa;
using Callroute.Mfa.Redis;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Sodium;
using StackExchange.Redis;
using Worker;

var builder = Host.CreateApplicationBuilder(args);
var redis = await ConnectionMultiplexer.ConnectAsync(builder.Configuration["Redis"]!);
using var keys = new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = RandomNumberGenerator.GetBytes(32) });
builder.Services.AddSingleton(services => new MfaService(
    new RedisMfaStore(redis, new RedisMfaStoreOptions { RequireDurable = true, DurableReplicas = 0 }, services.GetRequiredService<ILogger<RedisMfaStore>>()),
    new AesGcmSecretProtector(keys),
    new SodiumRecoveryCodeHasher(),
    new MfaOptions { Issuer = "Worker" }));
builder.Services.AddHostedService<SignIns>();
builder.Build().Run();
