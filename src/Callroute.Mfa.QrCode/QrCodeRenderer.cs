using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Callroute.Mfa.Provisioning;
using QRCoder;

namespace Callroute.Mfa.QrCode;

/// <summary>Draws provisioning URIs as QR codes (ISO/IEC 18004). QRCoder computes the modules.</summary>
/// <remarks>Thread-safe and without state: create one per application.</remarks>
public sealed class QrCodeRenderer : IQrCodeRenderer
{
    private const int DefaultPixelsPerModule = 8;
    private const int MaximumPixelsPerModule = 40;

    // The capacity of the largest code (version 40) in byte mode, which holds one ASCII character per byte: ISO/IEC 18004, table 7.
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
            throw new ArgumentOutOfRangeException(
                nameof(pixelsPerModule), $"{nameof(pixelsPerModule)} must be 1–{MaximumPixelsPerModule}, was {pixelsPerModule}.");
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
    /// <remarks>The picture is a PNG: every client shows it in an <c>img</c>, and unlike an SVG it cannot contain scripts.</remarks>
    [SuppressMessage("Design", "CA1055", Justification = "The interface returns a string.")]
    public string ToDataUri(ProvisioningUri uri) => $"data:image/png;base64,{Convert.ToBase64String(ToPng(uri))}";

    private static QRCodeData Encode(ProvisioningUri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var text = uri.Reveal();
        if (text.Length > CapacityAtL)
        {
            var sizes = string.Create(CultureInfo.InvariantCulture, $"{text.Length} characters, at most {CapacityAtL} fit");
            throw new ArgumentException(
                $"The URI is too long for a QR code: {sizes}. Shorten the issuer or the account name.", nameof(uri));
        }

        // Level M corrects 15 % damage, enough for reflections on a screen. Level L is only for URIs that do not fit at level M.
        var level = text.Length > CapacityAtM ? QRCodeGenerator.ECCLevel.L : QRCodeGenerator.ECCLevel.M;
        return QRCodeGenerator.GenerateQrCode(text, level);
    }
}
