using Bogus;
using Bogus.Extensions.Brazil;
using Bogus.Extensions.Canada;
using Bogus.Extensions.Italy;
using Bogus.Extensions.Norway;
using Bogus.Extensions.Poland;
using Bogus.Extensions.Portugal;
using Bogus.Extensions.Romania;
using Bogus.Extensions.Sweden;
using Bogus.Extensions.Finland;

namespace SynthStudio.Tabular.Tests.PersonalData;

[TestClass]
public sealed class NationalIdTests
{
    /// <summary>Examples that authorities publish, or that are worked out by hand from the published rule.</summary>
    [TestMethod]
    [DataRow("1237 010180", "AT social insurance number")]
    [DataRow("123 456 782", "AU tax file number")]
    [DataRow("85.07.30-033.28", "BE national register number")]
    [DataRow("7523169263", "BG personal number")]
    [DataRow("111.444.777-35", "BR taxpayer number (CPF)")]
    [DataRow("046 454 286", "CA social insurance number")]
    [DataRow("756.9217.0769.85", "CH social insurance number (AHV)")]
    [DataRow("12.345.678-5", "CL national number (RUT)")]
    [DataRow("11010519491231002X", "CN resident identity number")]
    [DataRow("736028/5163", "CZ/SK birth number")]
    [DataRow("86095742719", "DE tax identification number")]
    [DataRow("211062-5629", "DK personal number (CPR)")]
    [DataRow("37605030299", "EE/LT personal code")]
    [DataRow("12345678Z", "ES identity number (DNI)")]
    [DataRow("X-1234567-L", "ES foreigner number (NIE)")]
    [DataRow("131052-308T", "FI personal identity code")]
    [DataRow("2 55 08 14 168 025 38", "FR social security number (NIR)")]
    [DataRow("AB 12 34 56 C", "GB national insurance number")]
    [DataRow("943 476 5919", "GB NHS number")]
    [DataRow("69435151530", "HR personal number (OIB)")]
    [DataRow("2341 2341 2346", "IN Aadhaar number")]
    [DataRow("RSSMRA85T10A562S", "IT tax code")]
    [DataRow("HEGG560427MVZRRL04", "MX population code (CURP)")]
    [DataRow("111222333", "NL citizen service number (BSN)")]
    [DataRow("44051401359", "PL PESEL")]
    [DataRow("811218-9876", "SE personal number")]
    [DataRow("S1234567D", "SG identity number (NRIC)")]
    [DataRow("10000000146", "TR identity number")]
    [DataRow("8001015009087", "ZA identity number")]
    public void RecognisesPublishedExamples(string text, string form) => CollectionAssert.Contains(Recognise(text), form);

    /// <summary>One digit off is refused, whatever form is asked.</summary>
    [TestMethod]
    [DataRow("1238 010180")]
    [DataRow("756.9217.0769.84")]
    [DataRow("12345678A")]
    [DataRow("86095742718")]
    [DataRow("RSSMRA85T10A562T")]
    [DataRow("HEGG560427MVZRRL05")]
    [DataRow("111.444.777-36")]
    [DataRow("2 55 08 14 168 025 39")]
    [DataRow("S1234567E")]
    public void RefusesWrongCheckDigits(string text) => Assert.IsEmpty(Recognise(text));

    /// <summary>What an independent library makes by the same published rules.</summary>
    [TestMethod]
    public void RecognisesWhatALibraryMakes()
    {
        Randomizer.Seed = new Random(7);
        (string Form, Func<Faker, string> Make)[] made =
        [
            ("BR taxpayer number (CPF)", f => f.Person.Cpf()), ("CA social insurance number", f => f.Person.Sin()),
            ("IT tax code", f => f.Person.CodiceFiscale()), ("NO birth number", f => f.Person.Fodselsnummer()), ("PL PESEL", f => f.Person.Pesel()),
            ("PT taxpayer number (NIF)", f => f.Person.Nif()), ("RO personal code (CNP)", f => f.Person.Cnp()),
            ("FI personal identity code", f => f.Person.Henkilotunnus()),
        ];
        foreach (var (form, make) in made)
        {
            for (var i = 0; i < 50; i++)
            {
                var text = make(new Faker());
                CollectionAssert.Contains(Recognise(text), form, $"{form}: {text}");
            }
        }
    }

    private static string[] Recognise(string text)
    {
        var found = new List<int>();
        NationalIds.Recognise(text, found);
        return [.. found.Select(i => NationalIds.Forms[i].Name)];
    }
}
