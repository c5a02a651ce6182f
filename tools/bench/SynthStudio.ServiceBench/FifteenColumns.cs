using System.Globalization;
using System.Text;

namespace SynthStudio.ServiceBench;

/// <summary>A made-up table of 15 columns, eight of them categorical.</summary>
internal static class FifteenColumns
{
    public static string Write(string path, int rows)
    {
        var random = new Random(1);
        var text = new StringBuilder(string.Join(',', Enumerable.Range(0, 15).Select(i => $"c{i}"))).Append('\n');
        for (var row = 0; row < rows; row++)
        {
            var factor = random.NextDouble();
            for (var column = 0; column < 15; column++)
            {
                var value = column < 8
                    ? $"v{(int)((factor * (2 + column)) + random.NextDouble())}"
                    : Math.Round((1000 * factor) + (100 * random.NextDouble()), column % 3).ToString(CultureInfo.InvariantCulture);
                text.Append(value).Append(column < 14 ? ',' : '\n');
            }
        }

        File.WriteAllText(path, text.ToString());
        return path;
    }
}
