using System.Globalization;
using System.Text;

namespace SynthStudio.Testing;

/// <summary>A small made-up table with dependencies between its columns.</summary>
public static class SampleTable
{
    /// <summary>The values of the column city.</summary>
    public static IReadOnlyList<string> Cities { get; } = ["Graz", "Linz", "Wien", "Bregenz"];

    /// <summary>Writes <c>age, city, income, member, since</c>: income grows with age, cities differ in income, members are older.</summary>
    public static string Write(string path, int rows, int seed = 1)
    {
        var random = new Random(seed);
        var text = new StringBuilder("age,city,income,member,since\n");
        for (var row = 0; row < rows; row++)
        {
            var age = 18 + (int)(60 * Math.Pow(random.NextDouble(), 1.3));
            var city = random.Next(Cities.Count);
            var income = Math.Round(900 + (22 * age) + (300 * city) + (400 * random.NextDouble()), 2);
            var member = random.NextDouble() < age / 100.0 ? "yes" : "no";
            var since = new DateOnly(2015, 1, 1).AddDays(random.Next(3650));
            var shownIncome = random.NextDouble() < 0.03 ? "" : income.ToString("F2", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"{age},{Cities[city]},{shownIncome},{member},{since:yyyy-MM-dd}\n");
        }

        File.WriteAllText(path, text.ToString());
        return path;
    }
}
