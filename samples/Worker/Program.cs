using Callroute.Mfa;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Sql;
using MfaWorker;
using Microsoft.Data.Sqlite;

var builder = Host.CreateApplicationBuilder(args);
var key = builder.Configuration["Mfa:Key"] ?? throw new InvalidOperationException("Mfa:Key is missing: 32 random bytes in Base64.");
var keys = new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = Convert.FromBase64String(key) });
var store = new SqlMfaStore(SqliteFactory.Instance.CreateDataSource(builder.Configuration.GetConnectionString("Mfa")!), SqlDialect.Sqlite);
await store.CreateTableAsync();

builder.Services.AddSingleton(
    new MfaService(store, new AesGcmSecretProtector(keys), new Argon2RecoveryCodeHasher(), new MfaOptions { Issuer = "Worker" }));
builder.Services.AddHostedService<Worker>();
builder.Build().Run();
