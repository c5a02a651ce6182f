using System.Globalization;
using System.Text;

namespace SynthStudio.ClusterTorture;

/// <summary>A small made-up table whose columns can all be declared.</summary>
internal static class VisitsTable
{
    private static readonly string[] Wards = ["north", "south", "west"];

    /// <summary>A schema that leaves nothing of the domain open.</summary>
    public static string Schema(int rows) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"rows": {{rows}}, "columns": {
            "ward": {"kind": "categorical", "values": ["north", "south", "west"]},
            "days": {"kind": "integer", "min": 0, "max": 30},
            "code": {"kind": "integer", "min": 0, "max": 1000000}
        }
        }
        """);

    public static byte[] Make(Random random, int rows)
    {
        var text = new StringBuilder("ward,days,code\n");
        for (var row = 0; row < rows; row++)
        {
            var ward = random.Next(3);
            text.Append(CultureInfo.InvariantCulture, $"{Wards[ward]},{Math.Min(30, (ward * 4) + random.Next(9))},{random.Next(1_000_000)}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
