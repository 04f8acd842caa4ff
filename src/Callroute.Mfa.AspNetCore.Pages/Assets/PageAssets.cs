using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>The style and the script of the pages. Their addresses change with their content, so browsers keep them for ever.</summary>
internal static class PageAssets
{
    private static readonly byte[] Style = Read("mfa.css");
    private static readonly byte[] Script = Read("mfa.js");

    public static string StylePath { get; } = $"/assets/{HashOf(Style)}.css";

    public static string ScriptPath { get; } = $"/assets/{HashOf(Script)}.js";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet(Path.GetFileName(StylePath), (HttpContext context) => Answer(context, Style, "text/css; charset=utf-8"));
        group.MapGet(Path.GetFileName(ScriptPath), (HttpContext context) => Answer(context, Script, "text/javascript; charset=utf-8"));
    }

    private static FileContentHttpResult Answer(HttpContext context, byte[] content, string type)
    {
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Bytes(content, type);
    }

    private static byte[] Read(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream(name)!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8));
}
