using System.Globalization;
using System.Text;

namespace SynthStudio.Cli.Sample;

/// <summary>
/// The table that <c>synth run</c> uses when no data are given. MADE UP: an invented telephone company's customers, drawn by the rules
/// below from a fixed seed. No row describes a person. The rules give it what real tables have: skewed numbers, categories of unequal
/// size, dates, missing values, and columns that depend on each other in ways that are not linear.
/// </summary>
internal static class CustomersSample
{
    public const int Rows = 5000;

    public const string Header =
        "age,sex,region,education,occupation,income,household_size,signup_date,plan,monthly_spend,support_calls,churned";

    /// <summary>The schema that fits it: <c>churned</c> is what one would predict.</summary>
    public const string SchemaJson =
        """
        {
         "target": "churned",
         "task": "binary",
         "columns": {
          "age": "numerical",
          "sex": "categorical",
          "region": "categorical",
          "education": "categorical",
          "occupation": "categorical",
          "income": "numerical",
          "household_size": "numerical",
          "signup_date": "datetime",
          "plan": "categorical",
          "monthly_spend": "numerical",
          "support_calls": "numerical",
          "churned": "categorical"
         }
        }
        """;

    private static readonly string[] Regions = ["north", "east", "south", "west", "centre", "islands"];
    private static readonly double[] RegionWeights = [.22, .17, .24, .13, .21, .03];
    private static readonly string[] Educations = ["basic", "vocational", "bachelor", "master", "doctorate"];
    private static readonly DateOnly FirstDay = new(2018, 1, 1);

    /// <summary>Writes <see cref="Rows"/> rows with a header line. The same <paramref name="seed"/> writes the same bytes.</summary>
    public static void Write(string path, int seed)
    {
        var random = new Random(seed);
        var csv = new StringBuilder(Header).Append('\n');
        for (var row = 0; row < Rows; row++)
        {
            AppendCustomer(csv, random);
        }

        File.WriteAllText(path, csv.ToString());
    }

    private static void AppendCustomer(StringBuilder csv, Random random)
    {
        var age = (int)Math.Clamp(18 + Gamma(random, 3.2, 9), 18, 92);
        var sex = random.NextDouble() < .51 ? "female" : "male";
        var region = Regions[Choose(random, RegionWeights)];
        var education = EducationOf(random, age);
        var occupation = OccupationOf(random, age, education);
        var income = IncomeOf(random, age, education, occupation, region);
        var household = 1 + Poisson(random, age is > 27 and < 56 ? 1.7 : .7);
        var signup = FirstDay.AddDays((int)(2500 * Math.Pow(random.NextDouble(), .7)));
        var plan = PlanOf(random, income, household, age);
        var spend = SpendOf(random, plan, household, age);
        var calls = Poisson(random, plan == "prepaid" ? .4 : region == "islands" ? 2.6 : .9);
        var churned = Churns(random, plan, calls, signup, spend, income);

        // Some keep their income to themselves: the young, and those who earn most.
        var incomeGiven = random.NextDouble() > (income > 6000 ? .18 : age < 22 ? .12 : .04);
        csv.Append(age).Append(',').Append(sex).Append(',').Append(region).Append(',')
            .Append(Educations[education]).Append(',').Append(occupation).Append(',')
            .Append(incomeGiven ? income.ToString("0", CultureInfo.InvariantCulture) : "").Append(',')
            .Append(household).Append(',').Append(signup.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).Append(',')
            .Append(plan).Append(',').Append(spend.ToString("0.00", CultureInfo.InvariantCulture)).Append(',')
            .Append(calls).Append(',').Append(churned ? "yes" : "no").Append('\n');
    }

    private static int EducationOf(Random random, int age) => age < 22
        ? Choose(random, [.45, .50, .05, 0, 0])
        : age < 45 ? Choose(random, [.12, .36, .32, .17, .03]) : Choose(random, [.27, .42, .19, .10, .02]);

    private static string OccupationOf(Random random, int age, int education)
    {
        if (age >= 66 && random.NextDouble() < .93)
        {
            return "retired";
        }

        if (age < 26 && random.NextDouble() < .55)
        {
            return "student";
        }

        string[] occupations = ["manual", "office", "technical", "management", "self-employed", "none"];
        double[] weights = education switch
        {
            0 => [.48, .18, .05, .02, .10, .17],
            1 => [.33, .30, .18, .05, .08, .06],
            2 => [.05, .40, .28, .15, .08, .04],
            _ => [.01, .25, .36, .26, .09, .03],
        };
        return occupations[Choose(random, weights)];
    }

    private static double IncomeOf(Random random, int age, int education, string occupation, string region)
    {
        var centre = occupation switch
        {
            "student" => 750,
            "retired" => 1650 + (250 * education),
            "none" => 900,
            "manual" => 2100,
            "office" => 2500 + (250 * education),
            "technical" => 2900 + (350 * education),
            "management" => 4300 + (600 * education),
            _ => 3100,
        };
        var experience = 1 + (.012 * Math.Clamp(age - 25, 0, 30));
        var place = region switch { "centre" => 1.12, "islands" => .84, "east" => .92, _ => 1 };
        var spread = occupation == "self-employed" ? .55 : .22;
        var income = centre * experience * place * Math.Exp((spread * Normal(random)) - (spread * spread / 2));

        // People round what they say: to 50, often to 500.
        var step = random.NextDouble() < .3 ? 500 : 50;
        return Math.Max(step, Math.Round(income / step) * step);
    }

    private static string PlanOf(Random random, double income, int household, int age) => Choose(random,
    [
        age < 25 ? 2.2 : income < 1500 ? 1.4 : .35,
        1.5,
        income > 2500 ? 1.6 : .5,
        household >= 3 ? 2.4 : .05,
    ]) switch
    {
        0 => "prepaid",
        1 => "basic",
        2 => "premium",
        _ => "family",
    };

    private static double SpendOf(Random random, string plan, int household, int age)
    {
        // Subscriptions cost a fixed price; what comes on top is rare and skewed.
        var price = plan switch { "basic" => 14.99, "premium" => 39.99, "family" => 29.99 + (6 * (household - 1)), _ => 0 };
        var extra = random.NextDouble() < (plan == "prepaid" ? 1 : .35) ? Gamma(random, 1.6, age < 30 ? 7 : 4.5) : 0;
        return Math.Round(price + extra, 2);
    }

    private static bool Churns(Random random, string plan, int calls, DateOnly signup, double spend, double income)
    {
        var years = (FirstDay.AddDays(2600).DayNumber - signup.DayNumber) / 365.25;
        var logit = -2.1 + (.55 * calls) - (.28 * years) + (plan == "prepaid" ? 1.1 : plan == "family" ? -.9 : 0) + (25 * spend / (income + 500));
        return random.NextDouble() < 1 / (1 + Math.Exp(-logit));
    }

    private static int Choose(Random random, ReadOnlySpan<double> weights)
    {
        var total = 0.0;
        foreach (var weight in weights)
        {
            total += weight;
        }

        var left = random.NextDouble() * total;
        for (var i = 0; i < weights.Length - 1; i++)
        {
            left -= weights[i];
            if (left < 0)
            {
                return i;
            }
        }

        return weights.Length - 1;
    }

    /// <summary>Standard normal by Box and Muller.</summary>
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Gamma with shape of at least 1, by Marsaglia and Tsang (2000).</summary>
    private static double Gamma(Random random, double shape, double scale)
    {
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal(random);
            var v = Math.Pow(1 + (c * x), 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (.5 * x * x) + (d * (1 - v + Math.Log(v))))
            {
                return d * v * scale;
            }
        }
    }

    /// <summary>Poisson by multiplying uniforms (Knuth); for small means.</summary>
    private static int Poisson(Random random, double mean)
    {
        var count = 0;
        for (var p = random.NextDouble(); p > Math.Exp(-mean); p *= random.NextDouble())
        {
            count++;
        }

        return count;
    }
}
