using System.Collections;
using System.Globalization;
using System.Text;

namespace Callroute.Mfa.QrCode;

/// <summary>Draws modules as SVG, with a white square and a black path. QRCoder's own SVG cannot have a title.</summary>
internal static class SvgPicture
{
    // The title is the same for every URI, because page sources and accessibility trees may be logged.
    private const string Title = "QR code for your authenticator app";

    public static string Draw(IReadOnlyList<BitArray> modules)
    {
        var size = modules.Count;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {size} {size}' role='img'");
        svg.Append(CultureInfo.InvariantCulture, $" aria-label='{Title}' shape-rendering='crispEdges'><title>{Title}</title>");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width='{size}' height='{size}' fill='#fff'/><path fill='#000' d='");
        for (var row = 0; row < size; row++)
        {
            DrawRow(svg, modules[row], row);
        }

        return svg.Append("'/></svg>").ToString();
    }

    // Draw adjacent dark modules as one rectangle: the text is shorter, and no gaps appear between them.
    private static void DrawRow(StringBuilder svg, BitArray modules, int row)
    {
        var column = 0;
        while (column < modules.Count)
        {
            var start = column;
            while (column < modules.Count && modules[column])
            {
                column++;
            }

            if (column > start)
            {
                svg.Append(CultureInfo.InvariantCulture, $"M{start} {row}h{column - start}v1h-{column - start}z");
            }

            column++;
        }
    }
}
