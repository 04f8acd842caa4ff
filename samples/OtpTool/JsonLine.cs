using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Callroute.Mfa.OtpTool;

/// <summary>Prints one JSON object on a line.</summary>
internal static class JsonLine
{
    // The relaxed encoder keeps names readable. The characters that it does not escape are special only in HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Print(Action<Utf8JsonWriter> writeProperties)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            writeProperties(json);
            json.WriteEndObject();
        }

        Console.Out.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }
}
