using SynthStudio.Tabular;

namespace SynthStudio.Mock.Tests;

/// <summary>Columns that tell of one person agree; those that cannot be one person's do not say the same.</summary>
[TestClass]
public sealed class FakePersonsTests
{
    [TestMethod]
    public void Columns_of_one_role_are_of_one_person_and_roles_with_the_same_classes_are_of_several() => CollectionAssert.AreEqual(
        new[] { 0, 1, 1, 0, 1 },
        FakePersons.Of(
        [
            ("sender_email", ValueClass.Email), ("receiver_name", ValueClass.FullName), ("receiver_email", ValueClass.Email), ("senderName", ValueClass.FullName),
            ("receiver_iban", ValueClass.Iban),
        ]).ToArray());

    [TestMethod]
    public void Roles_that_have_nothing_in_common_are_of_one_person() => CollectionAssert.AreEqual(
        new[] { 0, 0, 0, 0 },
        FakePersons.Of(
        [
            ("first_name", ValueClass.FirstName), ("last_name", ValueClass.LastName), ("work_email", ValueClass.Email), ("home_address", ValueClass.Address),
        ]).ToArray());

    [TestMethod]
    public void The_second_column_of_a_class_is_of_a_second_person() => CollectionAssert.AreEqual(
        new[] { 0, 1, 2, 2, 0 },
        FakePersons.Of(
        [
            ("iban_from", ValueClass.Iban), ("iban_to", ValueClass.Iban), ("iban", ValueClass.Iban), ("email", ValueClass.Email), ("email2", ValueClass.Email),
        ]).ToArray());

    [TestMethod]
    public void Whoever_has_a_name_is_not_the_manager() => CollectionAssert.AreEqual(
        new[] { 0, 0, 1 },
        FakePersons.Of([("first_name", ValueClass.FirstName), ("last_name", ValueClass.LastName), ("manager_name", ValueClass.FullName)]).ToArray());

    [TestMethod]
    public void Digits_part_words_and_say_nothing_of_whose_a_value_is()
    {
        var persons = FakePersons.ByName([("buyer1name", ValueClass.FullName), ("Buyer2Email", ValueClass.Email), ("SELLERName", ValueClass.FullName), ("seller_email_3", ValueClass.Email)]);
        Assert.AreEqual(persons["buyer1name"], persons["Buyer2Email"]);
        Assert.AreEqual(persons["SELLERName"], persons["seller_email_3"]);
        Assert.AreNotEqual(persons["buyer1name"], persons["SELLERName"]);
    }

    [TestMethod]
    public void Persons_of_a_row_have_nothing_in_common()
    {
        foreach (var about in Enum.GetValues<ValueClass>().Where(about => about is not (ValueClass.Country or ValueClass.FirstName or ValueClass.LastName)))
        {
            FakeValues first = new("en", 5), second = new("en", 5, person: 1);
            var same = Enumerable.Range(0, 500).Count(row => first.Text(about, row) == second.Text(about, row));
            Assert.IsLessThan(10, same, $"{about}");
        }
    }

    [TestMethod]
    public void Numbers_of_a_row_do_not_share_their_digits()
    {
        var fakes = new FakeValues("en", 5, unique: true);
        Assert.IsFalse(Enumerable.Range(0, 200).Any(row =>
            fakes.Text(ValueClass.Iban, row).Contains(fakes.Text(ValueClass.PaymentCard, row)[4..14], StringComparison.Ordinal)));
        var chance = new FakeValues("en", 5);
        Assert.IsFalse(Enumerable.Range(0, 200).Any(row =>
            chance.Text(ValueClass.Iban, row).Contains(chance.Text(ValueClass.PaymentCard, row)[4..11], StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Addresses_of_machines_are_many_and_nobodys()
    {
        var fakes = new FakeValues("en", 5);
        var addresses = Enumerable.Range(0, 20_000).Select(row => fakes.Text(ValueClass.IpAddress, row)).ToList();
        Assert.IsGreaterThan(19_900, addresses.Distinct().Count());
        string[] own = ["10.", "192.168.", "192.0.2.", "198.51.100.", "203.0.113.", .. Enumerable.Range(16, 16).Select(part => $"172.{part}.")];
        foreach (var address in addresses)
        {
            Assert.IsTrue(System.Net.IPAddress.TryParse(address, out _), address);
            Assert.IsTrue(Array.Exists(own, start => address.StartsWith(start, StringComparison.Ordinal)), address);
        }
    }

    [TestMethod]
    public void Mock_columns_of_one_type_differ_and_those_of_one_role_agree()
    {
        var table = MockTable.Parse("""
            {"columns": {
                "iban_from": {"type": "iban"}, "iban_to": {"type": "iban"},
                "buyer_name": {"type": "full_name"}, "seller_email": {"type": "email"}, "seller_name": {"type": "full_name"}, "buyer_email": {"type": "email"}}}
            """).Make(300, 1).Single();
        string?[] Texts(string column) => [.. Enumerable.Range(0, table.RowCount).Select(((CodedColumn)table[column]).Text)];
        Assert.IsEmpty(Texts("iban_from").Intersect(Texts("iban_to")));
        Assert.IsLessThan(5, Texts("buyer_name").Zip(Texts("seller_name")).Count(names => names.First == names.Second));
        foreach (var (name, mail) in Texts("buyer_name").Concat(Texts("seller_name")).Zip(Texts("buyer_email").Concat(Texts("seller_email"))))
        {
            var first = name!.Split(' ')[0].ToLowerInvariant();
            if (first.All(char.IsAsciiLetter)) Assert.StartsWith(first + ".", mail!);
        }
    }
}
