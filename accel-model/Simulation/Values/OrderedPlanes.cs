// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>The operands of an image: one padded plane for each digit that the additions take, or for the whole codes.</summary>
internal sealed unsafe class OrderedPlanes
{
    private readonly PaddedMap map;
    private readonly OperandOfCode[] forms;

    public OrderedPlanes(MatrixShape shape, AdditionOrders orders)
    {
        map = new PaddedMap(shape.IsDepthwise ? shape.WithOwnChannels() : shape);
        forms =
        [
            .. orders.All.SelectMany(order => order.Segments)
                .Select(segment => new OperandOfCode(segment.Shift, segment.Mask, segment.Mask == -1 ? shape.ActivationOffset : 0)).Distinct(),
        ];
        Reach = orders.All.SelectMany(order => order.Segments).SelectMany(segment => segment.K.Where(k => k >= 0).Select(k => Offset(segment, k))).DefaultIfEmpty().Max() + 1;
    }

    /// <summary>Elements of all planes.</summary>
    public int Elements => checked(forms.Length * map.Elements);

    /// <summary>Elements from a window's first that an addition can read.</summary>
    public int Reach { get; }

    /// <summary>First element of an output pixel's window.</summary>
    public int Base(int pixel) => map.Base(pixel);

    /// <summary>Element that a segment multiplies with weight <paramref name="k"/>, from the window's first.</summary>
    public int Offset(AdditionSegment segment, int k)
    {
        int plane = Array.FindIndex(forms, form => form.Shift == segment.Shift && form.Mask == segment.Mask);
        return (plane * map.Elements) + map.Offset(k);
    }

    /// <summary>Fills the borders, which stay.</summary>
    public void FillBorders<T>(T* planes)
        where T : unmanaged, IBinaryInteger<T>
    {
        foreach (OperandOfCode form in forms)
        {
            map.FillBorder(planes, form);
            planes += map.Elements;
        }
    }

    /// <summary>Fills the insides with an image.</summary>
    public void Fill<T>(int* codes, T* planes)
        where T : unmanaged, IBinaryInteger<T>
    {
        foreach (OperandOfCode form in forms)
        {
            map.FillInside(codes, planes, form);
            planes += map.Elements;
        }
    }
}
