using System.Text.Json;
using System.Text.Json.Serialization;
using Callroute.Mfa.Execution;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Operations;

/// <summary>Exports the record as JSON, for a user who asks for their data. The export contains no secrets and no hashes.</summary>
internal sealed class Export(OperationContext context, MfaSubject subject) : Operation<string?>(context, subject)
{
    protected override async ValueTask<Decision<string?>> ExecuteAsync(CancellationToken cancellationToken)
    {
        var record = await Context.Records.FindAsync(Subject, cancellationToken).ConfigureAwait(false);
        return Decision.NoChange(record is null
            ? null
            : JsonSerializer.Serialize(new(Subject, GetStatus.Of(record, Context, Context.Now)), ExportJson.Default.ExportDocument));
    }
}

/// <summary>The exported document.</summary>
internal sealed record ExportDocument(MfaSubject Subject, MfaStatus Mfa);

/// <summary>Writes exports as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    Converters = [typeof(JsonStringEnumConverter<OtpAlgorithm>), typeof(JsonStringEnumConverter<MfaMethod>)])]
[JsonSerializable(typeof(ExportDocument))]
internal sealed partial class ExportJson : JsonSerializerContext;
