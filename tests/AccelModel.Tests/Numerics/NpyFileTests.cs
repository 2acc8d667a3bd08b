// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AccelModel.Numerics;
using Xunit;

namespace AccelModel.Tests.Numerics;

/// <summary>Whole files as NumPy 1.24.2 writes them (<c>numpy.save</c>), and every way to damage one.</summary>
public sealed class NpyFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("npy-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Signed_bytes_of_two_dimensions_are_numpys_bytes()
    {
        NpyArray array = NpyArray.FromIntegers<int>(NpyType.Int8, [2, 3], [-2, -1, 0, 1, 2, 3]);
        CheckBytes(array, "{'descr': '|i1', 'fortran_order': False, 'shape': (2, 3), }", [0xFE, 0xFF, 0, 1, 2, 3]);
    }

    [Fact]
    public void Words_of_one_dimension_are_numpys_bytes()
    {
        NpyArray array = NpyArray.FromIntegers<long>(NpyType.Int32, [3], [1, -2, 70000]);
        CheckBytes(array, "{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }", [1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0x70, 0x11, 1, 0]);
    }

    [Fact]
    public void A_scalar_is_numpys_bytes()
    {
        NpyArray array = NpyArray.FromIntegers<long>(NpyType.Int64, [], [5]);
        CheckBytes(array, "{'descr': '<i8', 'fortran_order': False, 'shape': (), }", [5, 0, 0, 0, 0, 0, 0, 0]);
    }

    [Fact]
    public void An_empty_array_is_numpys_bytes()
    {
        NpyArray array = NpyArray.FromIntegers<byte>(NpyType.UInt8, [0, 3], []);
        CheckBytes(array, "{'descr': '|u1', 'fortran_order': False, 'shape': (0, 3), }", []);
    }

    [Fact]
    public void Single_precision_numbers_are_numpys_bytes()
    {
        NpyArray array = NpyArray.FromFloats([2], [1.5f, -0.25f]);
        CheckBytes(array, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", [0, 0, 0xC0, 0x3F, 0, 0, 0x80, 0xBE]);
        Assert.Equal([1.5f, -0.25f], NpyFile.Parse(NpyFile.ToBytes(array), "a.npy").ToFloats());
    }

    [Fact]
    public void Unsigned_half_words_are_numpys_bytes()
    {
        NpyArray array = NpyArray.FromIntegers<int>(NpyType.UInt16, [2], [65535, 1]);
        CheckBytes(array, "{'descr': '<u2', 'fortran_order': False, 'shape': (2,), }", [0xFF, 0xFF, 1, 0]);
    }

    [Theory]
    [InlineData(0, 128)]
    [InlineData(1, 128)]
    [InlineData(14, 128)]
    [InlineData(15, 192)]
    [InlineData(29, 192)]
    public void The_header_grows_by_64_bytes_at_the_number_of_dimensions_where_numpys_does(int dimensions, int headerBytes)
    {
        NpyArray array = NpyArray.FromIntegers<int>(NpyType.Int8, Enumerable.Repeat(1, dimensions).ToArray(), [7]);
        byte[] bytes = NpyFile.ToBytes(array);
        Assert.Equal(headerBytes + 1, bytes.Length);
        NpyArray read = NpyFile.Parse(bytes, "a.npy");
        Assert.Equal(dimensions, read.Shape.Length);
        Assert.Equal([7], read.ToIntegers<int>());
    }

    [Theory]
    [InlineData(NpyType.Int8, sbyte.MinValue, sbyte.MaxValue)]
    [InlineData(NpyType.UInt8, byte.MinValue, byte.MaxValue)]
    [InlineData(NpyType.Int16, short.MinValue, short.MaxValue)]
    [InlineData(NpyType.UInt16, ushort.MinValue, ushort.MaxValue)]
    [InlineData(NpyType.Int32, int.MinValue, int.MaxValue)]
    [InlineData(NpyType.UInt32, uint.MinValue, uint.MaxValue)]
    [InlineData(NpyType.Int64, long.MinValue, long.MaxValue)]
    public void Both_limits_of_every_integer_type_survive_a_file_and_the_next_values_are_refused(NpyType type, long min, long max)
    {
        string path = Path.Combine(_folder.FullName, "a.npy");
        NpyFile.Save(path, NpyArray.FromIntegers<long>(type, [1, 2], [min, max]));
        NpyArray read = NpyFile.Load(path);
        Assert.Equal(type, read.Type);
        Assert.Equal([1, 2], read.Shape.AsEnumerable());
        Assert.Equal([min, max], read.ToIntegers<long>());
        Assert.Throws<OverflowException>(() => NpyArray.FromIntegers<Int128>(type, [1], [(Int128)max + 1]));
        Assert.Throws<OverflowException>(() => NpyArray.FromIntegers<Int128>(type, [1], [(Int128)min - 1]));
    }

    [Fact]
    public void Elements_that_do_not_fit_the_type_asked_for_are_refused()
    {
        NpyArray array = NpyArray.FromIntegers<int>(NpyType.Int32, [2], [127, 128]);
        Assert.Throws<OverflowException>(array.ToIntegers<sbyte>);
        Assert.Equal([127, 128], array.ToIntegers<byte>().Select(value => (int)value));
        Assert.Throws<InvalidOperationException>(array.ToFloats);
        Assert.Throws<InvalidOperationException>(NpyArray.FromFloats([1], [1f]).ToIntegers<int>);
        Assert.Throws<ArgumentException>(() => NpyArray.FromIntegers<int>(NpyType.Float32, [1], [1]));
    }

    [Fact]
    public void Values_that_do_not_fill_the_shape_are_refused()
    {
        Assert.Throws<ArgumentException>(() => NpyArray.FromIntegers<int>(NpyType.Int8, [2, 2], [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => NpyArray.FromIntegers<int>(NpyType.Int8, [-1, -1], [1]));
        Assert.Throws<ArgumentException>(() => NpyArray.FromFloats([], [1f, 2f]));
    }

    [Theory]
    [InlineData("{'shape': (2,), 'fortran_order': False, 'descr': '<i2'}")]
    [InlineData("{ 'descr':'<i2','fortran_order':False,'shape':(2 , ) , }")]
    [InlineData("{'descr': '<i2', 'fortran_order': False, 'shape': (1, 2, ), }   \n")]
    public void Dictionaries_written_otherwise_mean_the_same(string dictionary) =>
        Assert.Equal([-1, 256], NpyFile.Parse(Bytes(dictionary, [0xFF, 0xFF, 0, 1]), "a.npy").ToIntegers<int>());

    [Theory]
    [InlineData("{'descr': '>i4', 'fortran_order': False, 'shape': (1,), }", "element type not supported, found '>i4', allowed |i1, |u1, <i2, <u2, <i4, <u4, <i8, <f4")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "element type not supported, found '|O', allowed |i1, |u1, <i2, <u2, <i4, <u4, <i8, <f4")]
    [InlineData("{'descr': '<i4', 'fortran_order': True, 'shape': (1,), }", "column-major (Fortran) order is not supported, allowed row-major")]
    [InlineData("{'descr': '<i4', 'fortran_order': False, 'shape': (-1,), }", "impossible shape, found the extent -1, allowed 0..2147483647")]
    [InlineData("{'descr': '<i4', 'fortran_order': False, 'shape': (4294967296,), }", "impossible shape, found the extent 4294967296, allowed 0..2147483647")]
    [InlineData("{'descr': '|i1', 'fortran_order': False, 'shape': (65536, 65536), }", "too many elements, found the shape (65536, 65536)")]
    [InlineData("{'descr': '|i1', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647, 4), }", "too many elements, found the shape (2147483647, 2147483647, 2147483647, 4)")]
    [InlineData("{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }", "truncated, found 4 bytes of data, needed 8 for <i4 (2,)")]
    [InlineData("{'descr': '|i1', 'fortran_order': False, 'shape': (3,), }", "bytes after the data, found 4 bytes of data, needed 3 for |i1 (3,)")]
    [InlineData("{'descr': '|i1', 'fortran_order': False, 'shape': (0, 2147483647), }", "bytes after the data, found 4 bytes of data, needed 0 for |i1 (0, 2147483647)")]
    [InlineData("{'descr': '<i4', 'fortran_order': False, 'shape': (1), }", "malformed header, allowed a dictionary of 'descr', 'fortran_order' and 'shape'")]
    [InlineData("{'descr': '<i4', 'fortran_order': False}", "malformed header, allowed a dictionary of 'descr', 'fortran_order' and 'shape'")]
    [InlineData("{'descr': '<i4', 'descr': '<i4', 'shape': (1,)}", "malformed header, allowed a dictionary of 'descr', 'fortran_order' and 'shape'")]
    [InlineData("{'descr': '<i4', 'fortran_order': False, 'shape': (1,), 'more': 1}", "malformed header, allowed a dictionary of 'descr', 'fortran_order' and 'shape'")]
    [InlineData("{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,)}", "malformed header, allowed a dictionary of 'descr', 'fortran_order' and 'shape'")]
    [InlineData("", "malformed header, allowed a dictionary of 'descr', 'fortran_order' and 'shape'")]
    public void What_the_header_may_not_say_is_named(string dictionary, string problem)
    {
        var exception = Assert.Throws<NpyException>(() => NpyFile.Parse(Bytes(dictionary, [1, 0, 0, 0]), "dir/a.npy"));
        Assert.Equal(problem, exception.Problem);
        Assert.Equal($"dir/a.npy: {problem}", exception.Message);
    }

    [Fact]
    public void Every_truncation_of_a_file_is_refused()
    {
        byte[] bytes = NpyFile.ToBytes(NpyArray.FromIntegers<int>(NpyType.Int16, [2, 2], [1, 2, 3, 4]));
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<NpyException>(() => NpyFile.Parse(bytes.AsSpan(0, length), "a.npy"));
        }
    }

    [Fact]
    public void Another_version_of_the_format_is_refused()
    {
        byte[] bytes = NpyFile.ToBytes(NpyArray.FromIntegers<int>(NpyType.Int8, [1], [1]));
        bytes[6] = 2;
        Assert.Equal(
            "a.npy: unknown version of the format, found 2.0, allowed 1.0",
            Assert.Throws<NpyException>(() => NpyFile.Parse(bytes, "a.npy")).Message);
    }

    [Fact]
    public void Damaged_files_are_refused_or_read_but_never_crash()
    {
        var random = new Random(9);
        byte[] valid = NpyFile.ToBytes(NpyArray.FromIntegers<int>(NpyType.Int16, [2, 2], [1, 2, 3, 4]));
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] damaged = [.. valid];
            for (int edit = 0; edit < 2; edit++)
            {
                int at = random.Next(3) == 0 ? random.Next(10) : random.Next(70);
                damaged[at] = random.Next(2) == 0 ? (byte)random.Next(256) : valid[random.Next(valid.Length)];
            }
            try
            {
                Assert.Equal(8, NpyFile.Parse(damaged, "a.npy").Data.Length);
            }
            catch (NpyException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 10_000, 19_999);
    }

    [Fact]
    public void A_missing_file_and_a_directory_are_named()
    {
        string missing = Path.Combine(_folder.FullName, "none.npy");
        Assert.Equal($"{missing}: cannot be read, found no such file", Assert.Throws<NpyException>(() => NpyFile.Load(missing)).Message);
        Assert.Equal($"{_folder}: cannot be read, found a directory", Assert.Throws<NpyException>(() => NpyFile.Load(_folder.FullName)).Message);
    }

    [Theory]
    [InlineData("sfix1_En0", NpyType.Int8)]
    [InlineData("sfix8_En0", NpyType.Int8)]
    [InlineData("sfix9_En0", NpyType.Int16)]
    [InlineData("sfix17_En0", NpyType.Int32)]
    [InlineData("ufix8_En0", NpyType.UInt8)]
    [InlineData("ufix16_En0", NpyType.UInt16)]
    [InlineData("ufix32_En0", NpyType.UInt32)]
    public void The_narrowest_type_that_holds_a_format_is_chosen(string format, NpyType type) =>
        Assert.Equal(type, NpyTypes.For(FixedPointFormat.Parse(format)));

    /// <summary>Magic, version 1.0, the length 118 in two bytes, the dictionary padded with spaces to byte 127, a line end, the data.</summary>
    private static void CheckBytes(NpyArray array, string dictionary, byte[] data)
    {
        byte[] expected = [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(dictionary.PadRight(117)), (byte)'\n', .. data];
        Assert.Equal(128 + data.Length, expected.Length);
        Assert.Equal(expected, NpyFile.ToBytes(array));
    }

    private static byte[] Bytes(string dictionary, byte[] data) =>
        [0x93, .. "NUMPY"u8, 1, 0, (byte)dictionary.Length, 0, .. Encoding.ASCII.GetBytes(dictionary), .. data];
}
