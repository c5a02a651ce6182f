using System.Globalization;
using System.Text;

namespace SynthStudio.Worker.Tests;

/// <summary>Tables made for the tests, and folders that go away with the test.</summary>
internal sealed class TestTables : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("worker-tests-");

    public string NewFolder() => folder.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName;

    public string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A table whose columns depend on each other: an integer, a decimal with gaps, a category and a yes/no column.</summary>
    public string WriteShop(string name, int rows, int seed)
    {
        var random = new Random(seed);
        var csv = new StringBuilder("age,price,city,bought\n");
        for (var i = 0; i < rows; i++)
        {
            var age = random.Next(18, 80);
            var city = age < 40 ? (random.Next(3) == 0 ? "Ulm" : "Bonn") : (random.Next(4) == 0 ? "Bonn" : "Trier");
            var price = (age / 10.0) + random.NextDouble();
            var bought = random.NextDouble() < (city == "Ulm" ? .8 : .2) ? "yes" : "no";
            csv.Append(CultureInfo.InvariantCulture, $"{age},{(random.Next(10) == 0 ? "" : price.ToString("0.00", CultureInfo.InvariantCulture))},{city},{bought}\n");
        }

        return Write(name, csv.ToString());
    }

    public void Dispose() => folder.Delete(recursive: true);
}
