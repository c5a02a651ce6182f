using System.Text;
using Google.Api;
using Grpc.Core;

namespace SynthStudio.Cli.Mcp;

/// <summary>The beginning of a CSV file that comes in pieces.</summary>
internal static class CsvHead
{
    /// <summary>Longer records than this in all are cut off: an answer is read by an assistant.</summary>
    private const int MostBytes = 256 << 10;

    /// <summary>Its first records; line ends within quotes do not end one.</summary>
    /// <param name="pieces">The file.</param>
    /// <param name="records">How many, the header counted.</param>
    /// <param name="cancellation">Stops reading.</param>
    public static async Task<string> ReadAsync(IAsyncStreamReader<HttpBody> pieces, int records, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        var isQuoted = false;
        while (records > 0 && bytes.Length < MostBytes && await pieces.MoveNext(cancellation))
        {
            foreach (var value in pieces.Current.Data)
            {
                bytes.WriteByte(value);
                if (value == '"') isQuoted = !isQuoted;
                if (value == '\n' && !isQuoted && --records == 0) break;
            }
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
