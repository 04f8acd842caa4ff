using Callroute.Mfa;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Sql;
using KeyRotation;
using Microsoft.Data.Sqlite;

var builder = Host.CreateApplicationBuilder(args);
var settings = builder.Configuration.GetSection("Rotation");

// The active key encrypts; all keys decrypt. Load them from a vault as Rotation:Keys:k1, Rotation:Keys:k2 and so on.
var keys = new KeyRing(
    settings["ActiveKey"]!,
    settings.GetSection("Keys").GetChildren().ToDictionary(key => key.Key, key => Convert.FromBase64String(key.Value!)));
var store = new SqlMfaStore(SqliteFactory.Instance.CreateDataSource(builder.Configuration.GetConnectionString("Mfa")!), SqlDialect.Sqlite);
await store.CheckTableAsync();

builder.Services.AddSingleton(
    new MfaService(store, new AesGcmSecretProtector(keys), new Argon2RecoveryCodeHasher(), new MfaOptions { Issuer = "Rotation" }));
builder.Services.AddHostedService<Rotation>();
await builder.Build().RunAsync();
