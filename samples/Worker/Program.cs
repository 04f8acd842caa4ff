using Callroute.Mfa;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Sql;
using MfaWorker;
using Microsoft.Data.Sqlite;

var builder = Host.CreateApplicationBuilder(args);
var settings = builder.Configuration.GetSection("Mfa");

// The active key protects; every other one only opens. From a vault, as Mfa:Keys:k1 and so on: 32 random bytes each, in Base64.
var keys = new KeyRing(
    settings["ActiveKey"] ?? throw new InvalidOperationException("Mfa:ActiveKey is missing."),
    settings.GetSection("Keys").GetChildren().ToDictionary(key => key.Key, key => Convert.FromBase64String(key.Value!)));
var store = new SqlMfaStore(SqliteFactory.Instance.CreateDataSource(builder.Configuration.GetConnectionString("Mfa")!), SqlDialect.Sqlite);
await store.CreateTableAsync();

builder.Services.AddSingleton(
    new MfaService(store, new AesGcmSecretProtector(keys), new Argon2RecoveryCodeHasher(), new MfaOptions { Issuer = "Worker" }));
builder.Services.AddHostedService<Worker>();

builder.Build().Run();
