using System.Globalization;
using System.IO.Compression;

namespace SynthStudio.Tests;

/// <summary>A table of every usual kind that the tests make themselves, so that what is tested on public tables is tested without them too.</summary>
internal static class MadeTable
{
    public const string Name = "made/made";

    private const int Rows = 1_500;

    private static readonly Lazy<string> Made = new(Write);

    /// <summary>The folder that holds <see cref="Name"/>.csv.gz and its schema.json.</summary>
    public static string Folder => Made.Value;

    private static string Write()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "made-tables");
        Directory.CreateDirectory(Path.Combine(folder, "made"));
        File.WriteAllText(Path.Combine(folder, "made", "schema.json"), """
            {"target": "ward", "task": "multiclass",
             "columns": {"id": "ignored", "age": "numerical", "income": "numerical", "ward": "categorical", "member": "categorical", "since": "datetime"}}
            """);
        var random = new Random(20_261_128);
        using var text = new StreamWriter(new GZipStream(File.Create(Path.Combine(folder, Name + ".csv.gz")), CompressionLevel.Fastest));
        text.Write("id,age,income,ward,member,since\n");
        for (var row = 0; row < Rows; row++)
        {
            var age = 18 + random.Next(70);
            var income = random.NextDouble() < 0.05 ? "" : (Math.Exp(random.NextDouble() * 3) * (500 + 10 * age)).ToString("0.00", CultureInfo.InvariantCulture);
            var ward = random.NextDouble() switch { < 0.1 => "?", < 0.5 => "north", < 0.8 => "south", _ => "west" };
            var since = new DateOnly(2015, 1, 1).AddDays(random.Next(3_650)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            text.Write(string.Create(CultureInfo.InvariantCulture, $"K-{row * 7 % 10_007:00000},{age},{income},{ward},{(random.Next(age) > 20 ? "yes" : "no")},{since}\n"));
        }

        return folder;
    }
}
