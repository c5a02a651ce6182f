namespace SynthStudio.Synthesis.Encoding;

/// <summary>Whom the values of an invented column are about.</summary>
/// <param name="Number">Which of a row's persons, from 0; see <see cref="Mock.FakePersons"/>.</param>
/// <param name="Locale">Language and country of names and places.</param>
public readonly record struct FakePerson(int Number, string Locale);
