using System.Collections.Concurrent;
using Bogus;

namespace SynthStudio.Mock;

/// <summary>
/// Names, places and companies of a language, drawn once from Bogus: picking from arrays is a hundred times faster than asking it for every
/// row, and the same in every run.
/// </summary>
internal sealed class FakePools
{
    private const int Draws = 2000;
    private const int PoolSeed = 20_240_229;

    private static readonly ConcurrentDictionary<string, Lazy<FakePools>> ByLocale = new(StringComparer.Ordinal);

    private FakePools(string locale)
    {
        var faker = new Faker(locale) { Random = new Randomizer(PoolSeed) };
        FirstNames = Draw(() => faker.Name.FirstName());
        LastNames = Draw(() => faker.Name.LastName());
        Streets = Draw(() => faker.Address.StreetName());
        Cities = Draw(() => faker.Address.City());
        Countries = Draw(() => faker.Address.Country());
        Companies = Draw(() => faker.Company.CompanyName());
        Phones = Draw(() => faker.Phone.PhoneNumber());
        PostalCodes = Draw(() => faker.Address.ZipCode());
        // Mailboxes are spelled in ASCII, so are their hosts.
        var international = new Faker { Random = new Randomizer(PoolSeed) };
        Domains = Draw(() => international.Internet.DomainName());
        NumberFirst = locale.StartsWith("en", StringComparison.Ordinal);
    }

    public string[] FirstNames { get; }

    public string[] LastNames { get; }

    public string[] Streets { get; }

    public string[] Cities { get; }

    public string[] Countries { get; }

    public string[] Companies { get; }

    public string[] Phones { get; }

    public string[] PostalCodes { get; }

    public string[] Domains { get; }

    /// <summary>Whether the house number stands before the street.</summary>
    public bool NumberFirst { get; }

    /// <summary>The locales there are, for example <c>en</c>, <c>de_AT</c>.</summary>
    public static IReadOnlyList<string> Locales { get; } = [.. Database.GetAllLocales().Order(StringComparer.Ordinal)];

    public static FakePools Of(string locale) => ByLocale.GetOrAdd(locale, name => new Lazy<FakePools>(() => new FakePools(name))).Value;

    private static string[] Draw(Func<string> draw) => [.. Enumerable.Range(0, Draws).Select(_ => draw()).Distinct()];
}
