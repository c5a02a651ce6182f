namespace SynthStudio.Tabular.Tests.PersonalData;

[TestClass]
public sealed class PersonalDataTests
{
    [TestMethod]
    [DataRow("anna.b+c@mail.example.org", PersonalDataKind.Email)]
    [DataRow("192.168.0.1", PersonalDataKind.IpAddress)]
    [DataRow("2001:db8::8a2e:370:7334", PersonalDataKind.IpAddress)]
    [DataRow("123-45-6789", PersonalDataKind.SocialSecurityNumber)]
    [DataRow("DE89 3704 0044 0532 0130 00", PersonalDataKind.Iban)]
    [DataRow("GB82WEST12345698765432", PersonalDataKind.Iban)]
    [DataRow("4111 1111 1111 1111", PersonalDataKind.PaymentCard)]
    [DataRow("5500-0000-0000-0004", PersonalDataKind.PaymentCard)]
    [DataRow("+43 1 58858 0", PersonalDataKind.Phone)]
    [DataRow("(212) 555-0123", PersonalDataKind.Phone)]
    [DataRow("212-555-0123", PersonalDataKind.Phone)]
    public void RecognisesWhatPassesTheValidation(string text, PersonalDataKind kind) =>
        Assert.AreEqual(kind, PersonalDataPatterns.Recognise(text));

    [TestMethod]
    [DataRow("anna@localhost")]
    [DataRow("@example.org")]
    [DataRow("a@b@example.org")]
    [DataRow("256.1.1.1")]
    [DataRow("1.2.3")]
    [DataRow("10:30:00")]
    [DataRow("666-45-6789")]
    [DataRow("123-00-6789")]
    [DataRow("DE88 3704 0044 0532 0130 00")]
    [DataRow("4111 1111 1111 1112")]
    [DataRow("1234567890")]
    [DataRow("2024-02-29")]
    [DataRow("212-155-0123")]
    [DataRow("Hamburg")]
    public void LeavesAloneWhatDoesNot(string text) => Assert.IsNull(PersonalDataPatterns.Recognise(text));

    [TestMethod]
    [DataRow("EMail", PersonalDataKind.Email)]
    [DataRow("customer_email_address", PersonalDataKind.Email)]
    [DataRow("firstName", PersonalDataKind.PersonName)]
    [DataRow("nameLast", PersonalDataKind.PersonName)]
    [DataRow("Date of Birth", PersonalDataKind.BirthDate)]
    [DataRow("birthDate", PersonalDataKind.BirthDate)]
    [DataRow("SSN", PersonalDataKind.SocialSecurityNumber)]
    [DataRow("client_ip", PersonalDataKind.IpAddress)]
    [DataRow("Passport-No", PersonalDataKind.PersonalNumber)]
    [DataRow("Tên", PersonalDataKind.PersonName)]
    [DataRow("Họ và tên", PersonalDataKind.PersonName)]
    [DataRow("ho_ten", PersonalDataKind.PersonName)]
    [DataRow("TenKhachHang", PersonalDataKind.PersonName)]
    [DataRow("Tên bệnh nhân", PersonalDataKind.PersonName)]
    public void RecognisesNames(string name, PersonalDataKind kind) => Assert.AreEqual(kind, PersonalDataNames.Recognise(name));

    [TestMethod]
    [DataRow("income")]
    [DataRow("shipping_cost")]
    [DataRow("streetcar_line")]
    [DataRow("unzipped")]
    [DataRow("phonetics")]
    [DataRow("top_ten")]
    [DataRow("ten")]
    [DataRow("Tên sản phẩm")]
    public void LeavesOtherNamesAlone(string name) => Assert.IsNull(PersonalDataNames.Recognise(name));
}
