using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Callroute.Mfa.Provisioning;
using QRCoder;

namespace Callroute.Mfa.QrCode;

/// <summary>Draws provisioning URIs as QR codes with QRCoder, which finds the modules.</summary>
/// <remarks>Thread-safe and without state: one instance serves an application.</remarks>
public sealed class QrCodeRenderer : IQrCodeRenderer
{
    private const int DefaultPixelsPerModule = 8;
    private const int MaximumPixelsPerModule = 40;

    // What the largest code (version 40) holds of a URI, which is ASCII in byte mode: ISO/IEC 18004, table 7.
    private const int CapacityAtM = 2331;
    private const int CapacityAtL = 2953;

    /// <inheritdoc/>
    public string ToSvg(ProvisioningUri uri)
    {
        using var code = Encode(uri);
        return SvgPicture.Draw(code.ModuleMatrix);
    }

    /// <inheritdoc/>
    public byte[] ToPng(ProvisioningUri uri, int pixelsPerModule = DefaultPixelsPerModule)
    {
        if (pixelsPerModule is < 1 or > MaximumPixelsPerModule)
        {
            throw new ArgumentOutOfRangeException(nameof(pixelsPerModule), pixelsPerModule, $"Must be 1–{MaximumPixelsPerModule}.");
        }

        using var code = Encode(uri);
        using var png = new PngByteQRCode(code);
        return png.GetGraphic(pixelsPerModule);
    }

    /// <inheritdoc/>
    public string ToTerminal(ProvisioningUri uri)
    {
        using var code = Encode(uri);
        return TerminalPicture.Draw(code.ModuleMatrix);
    }

    /// <inheritdoc/>
    /// <remarks>PNG and not SVG: every client shows it in an <c>img</c>, and it can hold nothing but a picture.</remarks>
    [SuppressMessage("Design", "CA1055", Justification = "As in the interface.")]
    public string ToDataUri(ProvisioningUri uri) => $"data:image/png;base64,{Convert.ToBase64String(ToPng(uri))}";

    private static QRCodeData Encode(ProvisioningUri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var text = uri.Reveal();
        if (text.Length > CapacityAtL)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The URI is too long for a QR code: {text.Length} characters, at most {CapacityAtL} fit. Shorten the issuer or the account name."),
                nameof(uri));
        }

        // M corrects 15 % of damage, which reflections on a screen need; L is for what would not fit otherwise.
        var level = text.Length > CapacityAtM ? QRCodeGenerator.ECCLevel.L : QRCodeGenerator.ECCLevel.M;
        return QRCodeGenerator.GenerateQrCode(text, level);
    }
}
