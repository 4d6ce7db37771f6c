	.file	"<string>"
	.section	.rodata.cst4,"aM",@progbits,4
	.p2align	2, 0x0
.LCPI0_0:
	.long	0x3fb8aa3b
.LCPI0_1:
	.long	0x7fffffff
.LCPI0_2:
	.long	0xbfb8aa3b
.LCPI0_3:
	.long	0xc2fc0000
.LCPI0_4:
	.long	0x42fe0000
.LCPI0_5:
	.long	1065353216
.LCPI0_6:
	.long	0x3920e999
.LCPI0_7:
	.long	0x3aafa2b5
.LCPI0_8:
	.long	0x3c1d96de
.LCPI0_9:
	.long	0x3d63576a
.LCPI0_10:
	.long	0x3e75fded
.LCPI0_11:
	.long	0x3f317218
.LCPI0_12:
	.long	0x40000000
.LCPI0_13:
	.long	0x3e1045e8
.LCPI0_14:
	.long	0x3e0f2885
.LCPI0_15:
	.long	0x3e4ced73
.LCPI0_16:
	.long	0x3eaaaa70
	.section	.ltext,"axl",@progbits
	.globl	_ZN4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE
	.p2align	4
	.type	_ZN4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE,@function
_ZN4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE:
	.cfi_startproc
	pushq	%rbp
	.cfi_def_cfa_offset 16
	pushq	%r15
	.cfi_def_cfa_offset 24
	pushq	%r14
	.cfi_def_cfa_offset 32
	pushq	%r13
	.cfi_def_cfa_offset 40
	pushq	%r12
	.cfi_def_cfa_offset 48
	pushq	%rbx
	.cfi_def_cfa_offset 56
	subq	$1560, %rsp
	.cfi_def_cfa_offset 1616
	.cfi_offset %rbx, -56
	.cfi_offset %r12, -48
	.cfi_offset %r13, -40
	.cfi_offset %r14, -32
	.cfi_offset %r15, -24
	.cfi_offset %rbp, -16
	movq	2128(%rsp), %rbx
	movq	1824(%rsp), %rbp
	movq	1760(%rsp), %r12
	movq	1672(%rsp), %r14
	movabsq	$NRT_incref, %r15
	movq	%rdi, 960(%rsp)
	movq	%rdx, %rdi
	movq	%rdx, %r13
	movq	%rsi, 56(%rsp)
	movq	$0, 944(%rsp)
	movq	$0, 1552(%rsp)
	movq	$0, 24(%rsp)
	movq	$0, 936(%rsp)
	movq	$0, 16(%rsp)
	movq	$0, 928(%rsp)
	movq	$0, 8(%rsp)
	movq	$0, 920(%rsp)
	callq	*%r15
	movq	%r14, %rdi
	callq	*%r15
	movq	%r12, %rdi
	callq	*%r15
	movq	%rbp, %rdi
	movq	1896(%rsp), %rbp
	callq	*%r15
	movq	%rbp, %rdi
	callq	*%r15
	movq	1984(%rsp), %rdi
	callq	*%r15
	movq	2072(%rsp), %rdi
	callq	*%r15
	movq	%rbx, %rdi
	callq	*%r15
	movq	2224(%rsp), %rdi
	callq	*%r15
	movq	2312(%rsp), %rdi
	callq	*%r15
	movq	2400(%rsp), %rdi
	callq	*%r15
	movq	2488(%rsp), %rdi
	callq	*%r15
	movq	2592(%rsp), %rdi
	callq	*%r15
	movq	2696(%rsp), %rdi
	movq	%rdi, %r12
	callq	*%r15
	movq	1624(%rsp), %rax
	movq	1640(%rsp), %r8
	movabsq	$NRT_decref, %r15
	negq	%rax
	negq	%r8
	sarq	$3, %rax
	sarq	$7, %r8
	imulq	%r8, %rax
	movq	%rax, 1056(%rsp)
	testq	%rax, %rax
	jle	.LBB0_347
	movq	1728(%rsp), %rcx
	movq	1864(%rsp), %rax
	movq	%r8, %rbx
	negq	%rbx
	movq	2368(%rsp), %rdx
	movq	1632(%rsp), %r14
	movq	%r13, 952(%rsp)
	movq	2160(%rsp), %r13
	movq	2272(%rsp), %r11
	movq	%r8, 1032(%rsp)
	imulq	1720(%rsp), %rcx
	movq	%rbx, 1024(%rsp)
	movl	%eax, %esi
	andl	$1, %esi
	leaq	1(%r14), %r12
	movq	%r14, %r15
	movq	%r14, %r9
	leaq	(,%r11,4), %r11
	addq	%rax, %rsi
	movq	%r12, %rdi
	movq	%r12, 1488(%rsp)
	movq	%rsi, %rax
	shrq	%rax
	testq	%rsi, %rsi
	movq	%rsi, 264(%rsp)
	movq	%r11, 1200(%rsp)
	leaq	-1(%r14), %r11
	movq	%rcx, 1224(%rsp)
	setle	%cl
	imulq	2360(%rsp), %rdx
	movq	%r11, 912(%rsp)
	movq	%rdx, 1216(%rsp)
	movq	2448(%rsp), %rdx
	imulq	2456(%rsp), %rdx
	movq	%rdx, 752(%rsp)
	movq	%rsi, %rdx
	subq	%rax, %rdx
	sete	%al
	movq	%rdx, 1168(%rsp)
	orb	%cl, %al
	movq	%rsi, %rcx
	shlq	$7, %rcx
	movb	%al, 126(%rsp)
	movq	%rsi, %rax
	shrq	$56, %rax
	movabsq	$-2305843009213693952, %rax
	movq	%rcx, 1064(%rsp)
	leaq	(%rcx,%rax), %rcx
	setne	%dl
	shrq	$62, %rcx
	cmpl	$3, %ecx
	setb	%cl
	orb	%cl, %dl
	movb	%dl, 125(%rsp)
	movq	%rsi, %rdx
	shlq	$9, %rdx
	movq	%rdx, 560(%rsp)
	movabsq	$-72057594037927936, %rdx
	addq	%rsi, %rdx
	movq	%r14, %rsi
	shrq	$57, %rdx
	cmpl	$127, %edx
	setb	%dl
	orb	%cl, %dl
	testq	%r14, %r14
	movl	$0, %ecx
	movb	%dl, 124(%rsp)
	cmovgq	%r14, %rcx
	sets	%r10b
	movq	%r14, %rdx
	shlq	$7, %rdx
	shrq	$56, %rsi
	movq	%r12, %rsi
	setne	%bpl
	addq	%rax, %rdx
	movq	%rcx, 1400(%rsp)
	movabsq	$.LCPI0_2, %rcx
	shrq	$62, %rdx
	vmovss	(%rcx), %xmm0
	movabsq	$.LCPI0_3, %rcx
	cmpl	$3, %edx
	vmovss	(%rcx), %xmm1
	movabsq	$.LCPI0_4, %rcx
	setb	%dl
	shlq	$9, %r15
	shlq	$8, %rsi
	shrq	$55, %rdi
	vmovss	(%rcx), %xmm2
	movabsq	$.LCPI0_7, %rcx
	setne	%dil
	addq	%rax, %rsi
	vmovss	(%rcx), %xmm3
	movabsq	$.LCPI0_6, %rcx
	leaq	-512(%r15), %r11
	movq	%r15, 576(%rsp)
	shrq	$62, %rsi
	vmovss	(%rcx), %xmm4
	movabsq	$.LCPI0_8, %rcx
	movq	%r11, 760(%rsp)
	leaq	(,%r14,4), %r11
	cmpl	$3, %esi
	vmovss	(%rcx), %xmm5
	movabsq	$.LCPI0_9, %rcx
	setb	%sil
	orb	%r10b, %bpl
	movq	2176(%rsp), %r10
	shlq	$8, %r9
	vmovss	(%rcx), %xmm6
	movabsq	$.LCPI0_10, %rcx
	shlq	$10, %r12
	movq	%r11, 800(%rsp)
	addq	%rax, %r9
	movq	1792(%rsp), %rax
	vmovss	(%rcx), %xmm7
	movabsq	$.LCPI0_11, %rcx
	orb	%dl, %bpl
	movq	1616(%rsp), %rdx
	orb	%dil, %sil
	movq	2104(%rsp), %rdi
	movq	%r12, 1048(%rsp)
	vmovss	(%rcx), %xmm8
	movabsq	$.LCPI0_5, %rcx
	movq	%r9, 1040(%rsp)
	movq	2344(%rsp), %r9
	movb	%sil, 122(%rsp)
	movq	%r14, %rsi
	shlq	$10, %rsi
	movb	%bpl, 123(%rsp)
	movq	2360(%rsp), %rbp
	vmovss	%xmm0, 308(%rsp)
	vmovss	(%rcx), %xmm9
	movq	1704(%rsp), %rcx
	movq	%rsi, 776(%rsp)
	vmovss	%xmm1, 236(%rsp)
	vmovss	%xmm2, 232(%rsp)
	leaq	(,%r10,4), %r10
	vmovss	%xmm3, 260(%rsp)
	leaq	12(%rdi), %rdi
	vmovss	%xmm4, 256(%rsp)
	movq	%r10, 1232(%rsp)
	leaq	12(%rax), %r10
	leaq	4(%rax), %rax
	leaq	(,%rbp,4), %rbp
	movq	%rdi, 1000(%rsp)
	vmovss	%xmm5, 252(%rsp)
	movq	%rax, 992(%rsp)
	movq	2432(%rsp), %rax
	movq	%r10, 1008(%rsp)
	vmovss	%xmm6, 248(%rsp)
	movq	%rbp, 1208(%rsp)
	movq	1720(%rsp), %rbp
	vmovss	%xmm7, 244(%rsp)
	vmovss	%xmm8, 240(%rsp)
	vmovss	%xmm9, 204(%rsp)
	leaq	16(%rax), %rax
	movq	%rax, 976(%rsp)
	movq	752(%rsp), %rax
	leaq	(,%rbp,4), %rbp
	movq	%rbp, 808(%rsp)
	leaq	(,%rax,4), %rax
	movq	%rax, 968(%rsp)
	movq	2456(%rsp), %rax
	leaq	(,%rax,4), %rax
	movq	%rax, 1272(%rsp)
	movq	2744(%rsp), %rax
	leaq	(,%rax,4), %rax
	movq	%rax, 768(%rsp)
	leaq	12(%rcx), %rax
	movq	%rax, 1288(%rsp)
	leaq	12(%rdx), %rax
	movq	%rax, 856(%rsp)
	leaq	12(%r13), %rax
	movabsq	$.LCPI0_0, %r13
	movq	%rax, 1280(%rsp)
	leaq	-512(%rsi), %rax
	movq	%rax, 984(%rsp)
	leaq	12(%r9), %rax
	movq	%rax, 1360(%rsp)
	movq	2256(%rsp), %rax
	addq	$12, %rax
	movq	%rax, 1352(%rsp)
	leaq	4(%r9), %rax
	movq	%rax, 1320(%rsp)
	leaq	4(%rcx), %rax
	movq	%rax, 1312(%rsp)
	movq	2728(%rsp), %rax
	addq	$28, %rax
	movq	%rax, 1016(%rsp)
	xorl	%eax, %eax
.LBB0_2:
	movq	%rax, 1160(%rsp)
	testq	%r8, %r8
	je	.LBB0_306
	movq	1760(%rsp), %rdi
	movq	%rax, %rcx
	orq	%rbx, %rcx
	shrq	$32, %rcx
	testq	%rcx, %rcx
	je	.LBB0_6
	je	.LBB0_6
	cqto
	idivq	%rbx
	movq	%rdx, %rbp
	jmp	.LBB0_7
	.p2align	4
.LBB0_6:
	xorl	%edx, %edx
	divl	%ebx
	movl	%edx, %ebp
.LBB0_7:
	testq	%r8, %r8
	movq	1800(%rsp), %rdx
	setg	%sil
	testq	%rbp, %rbp
	setne	%cl
	andb	%sil, %cl
	movzbl	%cl, %ecx
	subq	%rcx, %rax
	testb	%cl, %cl
	movq	%rax, 464(%rsp)
	movl	$0, %eax
	cmovneq	%r8, %rax
	subq	%rax, %rbp
.LBB0_8:
	movq	1640(%rsp), %rcx
	movq	%rbp, %rsi
	shlq	$7, %rsi
	movl	$128, %r9d
	movq	%rbp, %r14
	movq	%rsi, 376(%rsp)
	subq	%rsi, %rcx
	cmpq	$128, %rcx
	cmovlq	%rcx, %r9
	sarq	$63, %r14
	movq	%r14, %rax
	andq	%rdx, %rax
	addq	%rsi, %rax
	movq	%rax, %rbx
	js	.LBB0_307
	movq	%r9, 104(%rsp)
	movq	%rcx, 112(%rsp)
	cmpq	%rdx, %rax
	jge	.LBB0_308
.LBB0_10:
	movabsq	$NRT_incref, %rax
	callq	*%rax
	movq	2112(%rsp), %rcx
	movq	%r14, %rax
	movq	%r14, 456(%rsp)
	andq	%rcx, %rax
	addq	376(%rsp), %rax
	movq	%rax, 40(%rsp)
	js	.LBB0_309
	movq	2072(%rsp), %rdi
	cmpq	%rcx, %rax
	jge	.LBB0_310
.LBB0_12:
	movabsq	$NRT_incref, %rax
	callq	*%rax
	cmpb	$0, 125(%rsp)
	jne	.LBB0_348
.LBB0_13:
	movq	560(%rsp), %rdi
	movl	$32, %esi
	movabsq	$NRT_MemInfo_alloc_aligned, %rax
	callq	*%rax
	testq	%rax, %rax
	je	.LBB0_339
	movq	376(%rsp), %r11
	movq	104(%rsp), %rcx
	movq	24(%rax), %r15
	movq	$0, 944(%rsp)
	leaq	(%rcx,%r11), %r10
	subq	$8, %rsp
	.cfi_adjust_cfa_offset 8
	movq	1832(%rsp), %rdx
	movq	1840(%rsp), %rcx
	movq	1848(%rsp), %r8
	movq	1856(%rsp), %r9
	leaq	952(%rsp), %rdi
	leaq	1560(%rsp), %rsi
	pushq	$4
	.cfi_adjust_cfa_offset 8
	pushq	$512
	.cfi_adjust_cfa_offset 8
	pushq	$128
	.cfi_adjust_cfa_offset 8
	pushq	296(%rsp)
	.cfi_adjust_cfa_offset 8
	movq	%r15, 672(%rsp)
	pushq	%r15
	.cfi_adjust_cfa_offset 8
	pushq	$4
	.cfi_adjust_cfa_offset 8
	pushq	1120(%rsp)
	.cfi_adjust_cfa_offset 8
	pushq	$0
	.cfi_adjust_cfa_offset 8
	movq	%rax, 464(%rsp)
	pushq	%rax
	.cfi_adjust_cfa_offset 8
	pushq	$1
	.cfi_adjust_cfa_offset 8
	movq	%r10, 880(%rsp)
	pushq	%r10
	.cfi_adjust_cfa_offset 8
	pushq	%r11
	.cfi_adjust_cfa_offset 8
	pushq	1992(%rsp)
	.cfi_adjust_cfa_offset 8
	pushq	1992(%rsp)
	.cfi_adjust_cfa_offset 8
	pushq	1992(%rsp)
	.cfi_adjust_cfa_offset 8
	pushq	1992(%rsp)
	.cfi_adjust_cfa_offset 8
	pushq	1992(%rsp)
	.cfi_adjust_cfa_offset 8
	movabsq	$_ZN4s5vh2nn8backends8cpu_scan7_paddedB2v9B102c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1ep5xVXqOgrqRcA0VJyfDGImFiUXgOjk_2fLySosTkEvVaTWCwF0GM1wQAE5ArrayIfLi2E1C7mutable7alignedE16slice_3ca_3ab_3e5ArrayIfLi2E1C7mutable7alignedE, %rax
	callq	*%rax
	addq	$144, %rsp
	.cfi_adjust_cfa_offset -144
	cmpl	$-2, %eax
	je	.LBB0_16
	testl	%eax, %eax
	jne	.LBB0_350
.LBB0_16:
	movq	264(%rsp), %rax
	shrq	$54, %rax
	jne	.LBB0_351
	movq	560(%rsp), %rdi
	movl	$32, %esi
	movabsq	$NRT_MemInfo_alloc_aligned, %rax
	callq	*%rax
	testq	%rax, %rax
	je	.LBB0_352
	movq	24(%rax), %rcx
	cmpq	$0, 264(%rsp)
	movq	560(%rsp), %r15
	movq	632(%rsp), %r9
	movq	%rcx, 344(%rsp)
	je	.LBB0_30
	movq	344(%rsp), %rdx
	movq	%rdx, %r10
	subq	%r9, %r10
	cmpq	$2, 264(%rsp)
	jb	.LBB0_26
	leaq	60(%r9), %rcx
	addq	$60, %rdx
	xorl	%esi, %esi
	jmp	.LBB0_23
	.p2align	4
.LBB0_21:
	movq	%rsi, %r8
	shlq	$9, %r8
	vbroadcastss	(%r13), %ymm0
	movq	344(%rsp), %r11
	vmulps	(%r9,%r8), %ymm0, %ymm1
	vmulps	32(%r9,%r8), %ymm0, %ymm2
	vmulps	64(%r9,%r8), %ymm0, %ymm3
	vmulps	96(%r9,%r8), %ymm0, %ymm4
	vmovups	%ymm1, (%r11,%r8)
	vmovups	%ymm2, 32(%r11,%r8)
	vmovups	%ymm3, 64(%r11,%r8)
	vmovups	%ymm4, 96(%r11,%r8)
	vmulps	128(%r9,%r8), %ymm0, %ymm1
	vmulps	160(%r9,%r8), %ymm0, %ymm2
	vmulps	192(%r9,%r8), %ymm0, %ymm3
	vmulps	224(%r9,%r8), %ymm0, %ymm4
	vmovups	%ymm1, 128(%r11,%r8)
	vmovups	%ymm2, 160(%r11,%r8)
	vmovups	%ymm3, 192(%r11,%r8)
	vmovups	%ymm4, 224(%r11,%r8)
	vmulps	256(%r9,%r8), %ymm0, %ymm1
	vmulps	288(%r9,%r8), %ymm0, %ymm2
	vmulps	320(%r9,%r8), %ymm0, %ymm3
	vmulps	352(%r9,%r8), %ymm0, %ymm4
	vmovups	%ymm1, 256(%r11,%r8)
	vmovups	%ymm2, 288(%r11,%r8)
	vmovups	%ymm3, 320(%r11,%r8)
	vmovups	%ymm4, 352(%r11,%r8)
	vmulps	384(%r9,%r8), %ymm0, %ymm1
	vmulps	416(%r9,%r8), %ymm0, %ymm2
	vmulps	448(%r9,%r8), %ymm0, %ymm3
	vmulps	480(%r9,%r8), %ymm0, %ymm0
	vmovups	%ymm1, 384(%r11,%r8)
	vmovups	%ymm2, 416(%r11,%r8)
	vmovups	%ymm3, 448(%r11,%r8)
	vmovups	%ymm0, 480(%r11,%r8)
.LBB0_22:
	incq	%rsi
	addq	$512, %rcx
	addq	$512, %rdx
	cmpq	264(%rsp), %rsi
	je	.LBB0_30
.LBB0_23:
	cmpq	$127, %r10
	ja	.LBB0_21
	xorl	%r8d, %r8d
	.p2align	4
.LBB0_25:
	vmovss	(%r13), %xmm0
	vmulss	-60(%rcx,%r8,4), %xmm0, %xmm1
	vmovss	%xmm1, -60(%rdx,%r8,4)
	vmulss	-56(%rcx,%r8,4), %xmm0, %xmm1
	vmovss	%xmm1, -56(%rdx,%r8,4)
	vmulss	-52(%rcx,%r8,4), %xmm0, %xmm1
	vmovss	%xmm1, -52(%rdx,%r8,4)
	vmulss	-48(%rcx,%r8,4), %xmm0, %xmm1
	vmovss	%xmm1, -48(%rdx,%r8,4)
	vmulss	-44(%rcx,%r8,4), %xmm0, %xmm1
	vmovss	%xmm1, -44(%rdx,%r8,4)
	vmulss	-40(%rcx,%r8,4), %xmm0, %xmm1
	vmovss	%xmm1, -40(%rdx,%r8,4)
	vmulss	-36(%rcx,%r8,4), %xmm0, %xmm1
	vmovss	%xmm1, -36(%rdx,%r8,4)
	vmulss	-32(%rcx,%r8,4), %xmm0, %xmm1
	vmovss	%xmm1, -32(%rdx,%r8,4)
	vmulss	-28(%rcx,%r8,4), %xmm0, %xmm1
	vmovss	%xmm1, -28(%rdx,%r8,4)
	vmulss	-24(%rcx,%r8,4), %xmm0, %xmm1
	vmovss	%xmm1, -24(%rdx,%r8,4)
	vmulss	-20(%rcx,%r8,4), %xmm0, %xmm1
	vmovss	%xmm1, -20(%rdx,%r8,4)
	vmulss	-16(%rcx,%r8,4), %xmm0, %xmm1
	vmovss	%xmm1, -16(%rdx,%r8,4)
	vmulss	-12(%rcx,%r8,4), %xmm0, %xmm1
	vmovss	%xmm1, -12(%rdx,%r8,4)
	vmulss	-8(%rcx,%r8,4), %xmm0, %xmm1
	vmovss	%xmm1, -8(%rdx,%r8,4)
	vmulss	-4(%rcx,%r8,4), %xmm0, %xmm1
	vmovss	%xmm1, -4(%rdx,%r8,4)
	vmulss	(%rcx,%r8,4), %xmm0, %xmm0
	vmovss	%xmm0, (%rdx,%r8,4)
	addq	$16, %r8
	cmpq	$128, %r8
	jne	.LBB0_25
	jmp	.LBB0_22
	.p2align	4
.LBB0_26:
	cmpq	$127, %r10
	ja	.LBB0_29
	xorl	%ecx, %ecx
	.p2align	4
.LBB0_28:
	vmovss	(%r13), %xmm0
	movq	344(%rsp), %rdx
	vmulss	(%r9,%rcx,4), %xmm0, %xmm1
	vmovss	%xmm1, (%rdx,%rcx,4)
	vmulss	4(%r9,%rcx,4), %xmm0, %xmm1
	vmovss	%xmm1, 4(%rdx,%rcx,4)
	vmulss	8(%r9,%rcx,4), %xmm0, %xmm1
	vmovss	%xmm1, 8(%rdx,%rcx,4)
	vmulss	12(%r9,%rcx,4), %xmm0, %xmm1
	vmovss	%xmm1, 12(%rdx,%rcx,4)
	vmulss	16(%r9,%rcx,4), %xmm0, %xmm1
	vmovss	%xmm1, 16(%rdx,%rcx,4)
	vmulss	20(%r9,%rcx,4), %xmm0, %xmm1
	vmovss	%xmm1, 20(%rdx,%rcx,4)
	vmulss	24(%r9,%rcx,4), %xmm0, %xmm1
	vmovss	%xmm1, 24(%rdx,%rcx,4)
	vmulss	28(%r9,%rcx,4), %xmm0, %xmm1
	vmovss	%xmm1, 28(%rdx,%rcx,4)
	vmulss	32(%r9,%rcx,4), %xmm0, %xmm1
	vmovss	%xmm1, 32(%rdx,%rcx,4)
	vmulss	36(%r9,%rcx,4), %xmm0, %xmm1
	vmovss	%xmm1, 36(%rdx,%rcx,4)
	vmulss	40(%r9,%rcx,4), %xmm0, %xmm1
	vmovss	%xmm1, 40(%rdx,%rcx,4)
	vmulss	44(%r9,%rcx,4), %xmm0, %xmm1
	vmovss	%xmm1, 44(%rdx,%rcx,4)
	vmulss	48(%r9,%rcx,4), %xmm0, %xmm1
	vmovss	%xmm1, 48(%rdx,%rcx,4)
	vmulss	52(%r9,%rcx,4), %xmm0, %xmm1
	vmovss	%xmm1, 52(%rdx,%rcx,4)
	vmulss	56(%r9,%rcx,4), %xmm0, %xmm1
	vmovss	%xmm1, 56(%rdx,%rcx,4)
	vmulss	60(%r9,%rcx,4), %xmm0, %xmm0
	vmovss	%xmm0, 60(%rdx,%rcx,4)
	addq	$16, %rcx
	cmpq	$128, %rcx
	jne	.LBB0_28
	jmp	.LBB0_30
.LBB0_29:
	vbroadcastss	(%r13), %ymm0
	vmulps	(%r9), %ymm0, %ymm1
	vmulps	32(%r9), %ymm0, %ymm2
	vmulps	64(%r9), %ymm0, %ymm3
	vmulps	96(%r9), %ymm0, %ymm4
	vmovups	%ymm1, (%rdx)
	vmovups	%ymm2, 32(%rdx)
	vmovups	%ymm3, 64(%rdx)
	vmovups	%ymm4, 96(%rdx)
	vmulps	128(%r9), %ymm0, %ymm1
	vmulps	160(%r9), %ymm0, %ymm2
	vmulps	192(%r9), %ymm0, %ymm3
	vmulps	224(%r9), %ymm0, %ymm4
	vmovups	%ymm1, 128(%rdx)
	vmovups	%ymm2, 160(%rdx)
	vmovups	%ymm3, 192(%rdx)
	vmovups	%ymm4, 224(%rdx)
	vmulps	256(%r9), %ymm0, %ymm1
	vmulps	288(%r9), %ymm0, %ymm2
	vmulps	320(%r9), %ymm0, %ymm3
	vmulps	352(%r9), %ymm0, %ymm4
	vmovups	%ymm1, 256(%rdx)
	vmovups	%ymm2, 288(%rdx)
	vmovups	%ymm3, 320(%rdx)
	vmovups	%ymm4, 352(%rdx)
	vmulps	384(%r9), %ymm0, %ymm1
	vmulps	416(%r9), %ymm0, %ymm2
	vmulps	448(%r9), %ymm0, %ymm3
	vmulps	480(%r9), %ymm0, %ymm0
	vmovups	%ymm1, 384(%rdx)
	vmovups	%ymm2, 416(%rdx)
	vmovups	%ymm3, 448(%rdx)
	vmovups	%ymm0, 480(%rdx)
	.p2align	4
.LBB0_30:
	cmpb	$0, 124(%rsp)
	jne	.LBB0_353
	movl	$32, %esi
	movabsq	$NRT_MemInfo_alloc_aligned, %r12
	movq	%r15, %rdi
	movq	%rax, 1152(%rsp)
	vzeroupper
	callq	*%r12
	testq	%rax, %rax
	je	.LBB0_354
	movq	24(%rax), %rdi
	movq	%rax, 584(%rsp)
	movabsq	$memset, %rax
	xorl	%esi, %esi
	movq	%r15, %rdx
	movq	%rdi, 384(%rsp)
	callq	*%rax
	movl	$512, %edi
	movl	$32, %esi
	callq	*%r12
	testq	%rax, %rax
	je	.LBB0_355
	movq	%rax, %r13
	movq	24(%rax), %rax
	cmpb	$0, 123(%rsp)
	vxorps	%xmm0, %xmm0, %xmm0
	vmovups	%ymm0, 480(%rax)
	vmovups	%ymm0, 448(%rax)
	vmovups	%ymm0, 416(%rax)
	vmovups	%ymm0, 384(%rax)
	vmovups	%ymm0, 352(%rax)
	vmovups	%ymm0, 320(%rax)
	vmovups	%ymm0, 288(%rax)
	vmovups	%ymm0, 256(%rax)
	vmovups	%ymm0, 224(%rax)
	vmovups	%ymm0, 192(%rax)
	vmovups	%ymm0, 160(%rax)
	vmovups	%ymm0, 128(%rax)
	vmovups	%ymm0, 96(%rax)
	vmovups	%ymm0, 64(%rax)
	vmovups	%ymm0, 32(%rax)
	vmovups	%ymm0, (%rax)
	jne	.LBB0_343
	movq	576(%rsp), %r15
	movl	$32, %esi
	movabsq	$NRT_MemInfo_alloc_aligned, %r12
	movq	%rax, 72(%rsp)
	movq	%r15, %rdi
	vzeroupper
	callq	*%r12
	testq	%rax, %rax
	je	.LBB0_344
	movq	24(%rax), %rdi
	movq	%r13, 1136(%rsp)
	movabsq	$memset, %r13
	movq	%rax, 1144(%rsp)
	xorl	%esi, %esi
	movq	%r15, %rdx
	movq	%rdi, 280(%rsp)
	callq	*%r13
	movl	$32, %esi
	movq	%r15, %rdi
	callq	*%r12
	testq	%rax, %rax
	je	.LBB0_344
	movq	24(%rax), %rdi
	movq	%rax, 1128(%rsp)
	xorl	%esi, %esi
	movq	%r15, %rdx
	movq	%rdi, 360(%rsp)
	callq	*%r13
	movl	$32, %esi
	movq	%r15, %rdi
	callq	*%r12
	testq	%rax, %rax
	je	.LBB0_344
	movq	24(%rax), %rdi
	movq	%rax, 1120(%rsp)
	xorl	%esi, %esi
	movq	%r15, %rdx
	movq	%rdi, 312(%rsp)
	callq	*%r13
	movl	$32, %esi
	movq	%r15, %rdi
	callq	*%r12
	testq	%rax, %rax
	je	.LBB0_339
	movq	%rax, 1112(%rsp)
	movq	24(%rax), %rax
	movl	$32, %esi
	movq	%r15, %rdi
	movq	%rax, 408(%rsp)
	callq	*%r12
	testq	%rax, %rax
	je	.LBB0_339
	cmpb	$0, 122(%rsp)
	jne	.LBB0_357
	movq	%rax, 1104(%rsp)
	movq	24(%rax), %rax
	movq	1048(%rsp), %r15
	movl	$32, %esi
	movq	%rax, 400(%rsp)
	movabsq	$NRT_MemInfo_alloc_aligned, %rax
	movq	%r15, %rdi
	callq	*%rax
	testq	%rax, %rax
	je	.LBB0_358
	movq	24(%rax), %rdi
	movq	%rax, 1096(%rsp)
	movabsq	$memset, %rax
	xorl	%esi, %esi
	movq	%r15, %rdx
	movq	%rdi, 736(%rsp)
	callq	*%rax
	movabsq	$-4611686018427387904, %rax
	cmpq	%rax, 1040(%rsp)
	jb	.LBB0_359
	movq	776(%rsp), %rdi
	movl	$32, %esi
	movabsq	$NRT_MemInfo_alloc_aligned, %r15
	callq	*%r15
	testq	%rax, %rax
	je	.LBB0_360
	movq	%rax, 1088(%rsp)
	movq	24(%rax), %rax
	movl	$1024, %edi
	movl	$32, %esi
	movq	%rax, 728(%rsp)
	callq	*%r15
	testq	%rax, %rax
	je	.LBB0_339
	movq	%rax, 1080(%rsp)
	movq	24(%rax), %rax
	movl	$1024, %edi
	movl	$32, %esi
	movq	%rax, 192(%rsp)
	callq	*%r15
	testq	%rax, %rax
	je	.LBB0_339
	movq	%rax, 1072(%rsp)
	movq	24(%rax), %rax
	movl	$1024, %edi
	movl	$32, %esi
	movq	%rax, 208(%rsp)
	callq	*%r15
	movq	%rax, 784(%rsp)
	testq	%rax, %rax
	je	.LBB0_339
	movq	464(%rsp), %rax
	movq	1624(%rsp), %rsi
	vmovss	308(%rsp), %xmm13
	vmovss	236(%rsp), %xmm14
	vmovss	232(%rsp), %xmm15
	vmovss	260(%rsp), %xmm7
	vmovss	256(%rsp), %xmm8
	vmovss	252(%rsp), %xmm9
	vmovss	248(%rsp), %xmm10
	vmovss	244(%rsp), %xmm11
	vmovss	240(%rsp), %xmm12
	vmovss	204(%rsp), %xmm5
	leaq	8(,%rax,8), %rdx
	leaq	(,%rax,8), %rcx
	cmpq	%rdx, %rsi
	movq	%rcx, 472(%rsp)
	cmovlq	%rsi, %rdx
	subq	%rcx, %rdx
	movq	%rdx, 824(%rsp)
	testq	%rdx, %rdx
	jle	.LBB0_240
	movq	456(%rsp), %rcx
	cmpb	$0, 1816(%rsp)
	movq	376(%rsp), %rdx
	movq	104(%rsp), %r13
	movq	312(%rsp), %r15
	movq	360(%rsp), %r12
	movq	%rbx, %r10
	movq	%rbx, 32(%rsp)
	movq	72(%rsp), %r14
	sete	%al
	movq	%rcx, %rsi
	andq	1640(%rsp), %rsi
	movq	%rcx, %rdi
	movq	%rcx, %r8
	movq	%rcx, %r9
	leaq	(%r14,%r13,4), %r11
	movq	%r11, 840(%rsp)
	addq	%rdx, %rsi
	movq	%rsi, 536(%rsp)
	movq	%rcx, %rsi
	andq	1728(%rsp), %rsi
	addq	%rdx, %rsi
	movq	%rsi, 896(%rsp)
	movq	%rcx, %rsi
	andq	2184(%rsp), %rsi
	addq	%rdx, %rsi
	cmpq	$0, 112(%rsp)
	movq	%rsi, 1480(%rsp)
	setle	%sil
	andq	2528(%rsp), %rdi
	andq	2632(%rsp), %r8
	andq	2368(%rsp), %rcx
	andq	2280(%rsp), %r9
	orb	%al, %sil
	movb	%sil, 140(%rsp)
	addq	%rbp, %rdi
	addq	%rbp, %r8
	imulq	2536(%rsp), %rdi
	imulq	2640(%rsp), %r8
	movq	280(%rsp), %rbp
	addq	%rdx, %rcx
	addq	%rdx, %r9
	movq	%rcx, 1464(%rsp)
	leaq	(%rbx,%r13), %rcx
	movq	%r9, 1472(%rsp)
	movq	%rdi, 1192(%rsp)
	movq	%r8, 1184(%rsp)
	movq	1792(%rsp), %r8
	movq	760(%rsp), %rdi
	leaq	(%r8,%rcx,4), %r9
	leaq	(%r15,%rdi), %rcx
	leaq	(%r12,%rdi), %rax
	leaq	(%rcx,%r13,4), %rbx
	leaq	(%rbp,%rdi), %rcx
	leaq	(%rax,%r13,4), %rdi
	movq	1792(%rsp), %rax
	leaq	(%rcx,%r13,4), %r8
	movq	%r9, 1344(%rsp)
	cmpq	%rdi, %rbp
	movq	%rdi, 848(%rsp)
	movq	%rbx, 616(%rsp)
	setb	%dl
	cmpq	%r8, %r12
	movq	%r8, 608(%rsp)
	setb	%cl
	andb	%dl, %cl
	cmpq	%rbx, %rbp
	leaq	(%rax,%r10,4), %rax
	setb	%sil
	cmpq	%r8, %r15
	setb	%dl
	movq	%rax, 320(%rsp)
	andb	%sil, %dl
	orb	%cl, %dl
	cmpq	%r11, %rbp
	setb	%cl
	cmpq	%r8, %r14
	setb	%sil
	movb	%cl, 64(%rsp)
	andb	%cl, %sil
	cmpq	%r9, %rbp
	setb	%cl
	cmpq	%r8, %rax
	setb	%r10b
	andb	%cl, %r10b
	orb	%sil, %r10b
	orb	%dl, %r10b
	cmpq	%rbx, %r12
	setb	%dl
	cmpq	%rdi, %r15
	movb	%r10b, 136(%rsp)
	setb	%sil
	andb	%dl, %sil
	cmpq	%r11, %r12
	setb	%r10b
	cmpq	%rdi, %r14
	setb	%dl
	movb	%r10b, 96(%rsp)
	andb	%r10b, %dl
	orb	%sil, %dl
	cmpq	%r9, %r12
	setb	%sil
	cmpq	%rdi, %rax
	movb	%dl, 135(%rsp)
	setb	%dl
	movb	%sil, 184(%rsp)
	andb	%sil, %dl
	cmpq	%r11, %r15
	setb	%sil
	cmpq	%rbx, %r14
	movb	%dl, 134(%rsp)
	setb	%dl
	andb	%sil, %dl
	cmpq	%r9, %r15
	movb	%dl, 133(%rsp)
	setb	%dl
	cmpq	%rbx, %rax
	setb	%r10b
	andb	%dl, %r10b
	cmpq	%r9, %r14
	setb	%r9b
	cmpq	%r11, %rax
	movb	%r10b, 132(%rsp)
	setb	%r10b
	andb	%r9b, %r10b
	movl	%r13d, %r9d
	andl	$248, %r9d
	cmpq	%rdi, %rbp
	movq	%r9, 480(%rsp)
	setb	%r9b
	cmpq	%r8, %r12
	movb	%r10b, 55(%rsp)
	setb	%r10b
	andb	%r9b, %r10b
	cmpq	%rbx, %rbp
	setb	%r9b
	cmpq	%r8, %r15
	setb	%r11b
	andb	%r9b, %r11b
	orb	%r10b, %r11b
	cmpq	%r8, %r14
	setb	%r9b
	andb	64(%rsp), %r9b
	cmpq	%r8, %rax
	setb	%r8b
	andb	%cl, %r8b
	orb	%r9b, %r8b
	orb	%r11b, %r8b
	cmpq	%rbx, %r12
	movb	%r8b, 131(%rsp)
	setb	%r8b
	cmpq	%rdi, %r15
	setb	%cl
	andb	%r8b, %cl
	cmpq	%rdi, %r14
	setb	%r8b
	andb	96(%rsp), %r8b
	orb	%cl, %r8b
	cmpq	%rdi, %rax
	setb	%cl
	andb	184(%rsp), %cl
	cmpq	%rbx, %r14
	movb	%r8b, 130(%rsp)
	movq	728(%rsp), %r8
	movq	40(%rsp), %r14
	setb	%dil
	andb	%sil, %dil
	cmpq	%rbx, %rax
	movq	576(%rsp), %rsi
	movb	%dil, 128(%rsp)
	movq	736(%rsp), %rdi
	setb	%al
	andb	%dl, %al
	movb	%cl, 129(%rsp)
	movq	776(%rsp), %rcx
	movb	%al, 127(%rsp)
	movl	%r13d, %eax
	andl	$3, %eax
	movq	%rax, 624(%rsp)
	leaq	1024(%rdi,%rcx), %r9
	leaq	(%r8,%rcx), %r10
	movq	%r10, 1440(%rsp)
	cmpq	%r9, %r8
	movq	%r9, 1448(%rsp)
	setb	%al
	cmpq	%r10, %rdi
	setb	%cl
	andb	%al, %cl
	leaq	(%rbp,%rsi), %rax
	cmpq	%rax, %r8
	setb	%dl
	cmpq	%r10, %rbp
	setb	%r11b
	andb	%dl, %r11b
	orb	%cl, %r11b
	leaq	(%r12,%rsi), %rcx
	cmpq	%rcx, %r8
	movb	%r11b, 139(%rsp)
	setb	%dl
	cmpq	%r10, %r12
	movq	208(%rsp), %r10
	setb	%sil
	andb	%dl, %sil
	cmpq	%rax, %rdi
	setb	%al
	cmpq	%r9, %rbp
	movq	2104(%rsp), %rbp
	setb	%dl
	andb	%al, %dl
	orb	%sil, %dl
	cmpq	%rcx, %rdi
	movq	400(%rsp), %rsi
	setb	%al
	cmpq	%r9, %r12
	movq	192(%rsp), %r9
	movb	%dl, 138(%rsp)
	setb	%cl
	andb	%al, %cl
	movb	%cl, 137(%rsp)
	leaq	1024(%r10), %rcx
	movq	%rcx, 368(%rsp)
	leaq	1024(%r9), %r11
	cmpq	%r11, %r10
	movq	%r11, 448(%rsp)
	setb	%al
	cmpq	%rcx, %r9
	setb	%dl
	andb	%al, %dl
	movq	784(%rsp), %rax
	movb	%dl, 143(%rsp)
	movq	408(%rsp), %rdx
	movq	24(%rax), %rbx
	leaq	1024(%rbx), %r15
	movq	%rbx, 296(%rsp)
	cmpq	%r15, %r10
	movq	%r15, 744(%rsp)
	setb	%al
	cmpq	%rcx, %rbx
	setb	%cl
	andb	%al, %cl
	leaq	(%r14,%r13), %rax
	cmpq	%r15, %r9
	movq	1000(%rsp), %r9
	movb	%cl, 142(%rsp)
	movq	760(%rsp), %rcx
	leaq	(%rbp,%rax,4), %rax
	movq	%rax, 1392(%rsp)
	leaq	(%rdx,%rcx), %rax
	leaq	(%rax,%r13,4), %rax
	movq	%rax, 1384(%rsp)
	leaq	(%rsi,%rcx), %rax
	leaq	(%r9,%r14,4), %rcx
	movq	32(%rsp), %r9
	leaq	(%rax,%r13,4), %rax
	movq	%rcx, 1368(%rsp)
	movq	%rax, 880(%rsp)
	leaq	(%rbp,%r14,4), %rax
	movq	1008(%rsp), %r14
	movq	%rax, 544(%rsp)
	setb	%al
	cmpq	%r11, %rbx
	leaq	512(%rbx), %rbx
	setb	%r11b
	movq	%rbx, 888(%rsp)
	movq	344(%rsp), %rbx
	andb	%al, %r11b
	leaq	(%r14,%r9,4), %rcx
	movb	%r11b, 141(%rsp)
	movq	%rcx, 1304(%rsp)
	movq	992(%rsp), %rcx
	leaq	(%rcx,%r9,4), %rax
	movq	2344(%rsp), %rcx
	leaq	512(%r8), %r9
	movq	%r9, 1432(%rsp)
	movq	1704(%rsp), %r9
	movq	%rax, 328(%rsp)
	leaq	(%rcx,%r13,4), %rax
	movq	2256(%rsp), %rcx
	movq	%rax, 872(%rsp)
	leaq	(%r9,%r13,4), %rax
	movq	1616(%rsp), %r9
	movq	%rax, 592(%rsp)
	leaq	(%rcx,%r13,4), %rax
	leaq	512(%r10), %rcx
	leaq	512(%rdx), %r10
	leaq	12(%rdx), %rdx
	movq	%rcx, 712(%rsp)
	movq	384(%rsp), %rcx
	movq	%r10, 1544(%rsp)
	leaq	1024(%rdi), %r10
	movq	%rdx, 1256(%rsp)
	leaq	512(%rdi), %rdx
	movq	%rax, 1376(%rsp)
	leaq	(%r9,%r13,4), %rax
	movq	%r10, 1520(%rsp)
	leaq	1024(%r8), %r10
	movq	%rdx, 904(%rsp)
	movq	%r10, 1504(%rsp)
	movq	280(%rsp), %r10
	movq	%rax, 600(%rsp)
	leaq	512(%rcx), %r9
	leaq	540(%rcx), %rcx
	movq	%r9, 1456(%rsp)
	leaq	512(%rsi), %r9
	movq	%rcx, 1176(%rsp)
	leaq	12(%rsi), %rcx
	movq	%r9, 1536(%rsp)
	movq	312(%rsp), %r9
	movq	%rcx, 1240(%rsp)
	leaq	512(%r9), %r11
	leaq	8(%r9), %rdx
	movq	%r11, 1528(%rsp)
	leaq	512(%r12), %r11
	movq	%rdx, 1248(%rsp)
	movq	%r11, 1512(%rsp)
	leaq	512(%r10), %r11
	leaq	12(%r10), %r10
	movq	%r11, 1496(%rsp)
	movq	2160(%rsp), %r11
	movq	%r10, 816(%rsp)
	movq	632(%rsp), %r10
	leaq	(%r11,%r13,4), %rax
	movq	72(%rsp), %r11
	movq	1632(%rsp), %r13
	movq	%rax, 832(%rsp)
	leaq	512(%rbx), %rax
	movq	%rax, 1424(%rsp)
	leaq	12(%r11), %rax
	leaq	1536(%rdi), %r11
	movq	%rax, 1296(%rsp)
	leaq	60(%r10), %rax
	leaq	12(%r9), %r10
	movq	%r11, 1416(%rsp)
	movq	%rax, 568(%rsp)
	movq	984(%rsp), %rax
	movq	%r10, 1264(%rsp)
	addq	%r8, %rax
	movq	%rax, 1408(%rsp)
	jmp	.LBB0_49
	.p2align	4
.LBB0_48:
	movq	824(%rsp), %rax
	incq	472(%rsp)
	cmpq	$1, %rax
	leaq	-1(%rax), %rax
	movq	%rax, 824(%rsp)
	jle	.LBB0_240
.LBB0_49:
	testq	%r13, %r13
	jle	.LBB0_94
	movq	472(%rsp), %rax
	movq	280(%rsp), %rdi
	movq	360(%rsp), %r9
	movq	312(%rsp), %rbx
	movq	2184(%rsp), %r10
	vxorps	%xmm6, %xmm6, %xmm6
	vxorps	%xmm4, %xmm4, %xmm4
	movq	%rax, %rcx
	sarq	$63, %rcx
	movq	%rcx, %rdx
	movq	%rcx, %rsi
	andq	1624(%rsp), %rdx
	andq	1712(%rsp), %rsi
	andq	2168(%rsp), %rcx
	addq	%rax, %rdx
	addq	%rax, %rsi
	addq	%rax, %rcx
	movq	1264(%rsp), %rax
	imulq	1232(%rsp), %rcx
	imulq	808(%rsp), %rsi
	imulq	800(%rsp), %rdx
	movq	%rax, 160(%rsp)
	movq	816(%rsp), %rax
	movq	%rcx, 152(%rsp)
	movq	%rsi, 272(%rsp)
	movq	%rdx, 224(%rsp)
	movq	%rax, 88(%rsp)
	xorl	%eax, %eax
	jmp	.LBB0_52
	.p2align	4
.LBB0_51:
	movq	184(%rsp), %rax
	movq	96(%rsp), %rbx
	movq	32(%rsp), %r9
	movq	64(%rsp), %rdi
	addq	$512, 88(%rsp)
	addq	$512, 160(%rsp)
	movq	1632(%rsp), %r13
	incq	%rax
	addq	$512, %rbx
	addq	$512, %r9
	addq	$512, %rdi
	cmpq	%rax, %r13
	je	.LBB0_93
.LBB0_52:
	movq	%rax, %rdx
	notq	%rdx
	movq	%rax, 184(%rsp)
	addq	%r13, %rdx
	cmpb	$0, 2216(%rsp)
	cmoveq	%rax, %rdx
	movq	536(%rsp), %rax
	movq	%rax, %rbp
	testq	%rax, %rax
	js	.LBB0_87
	movq	896(%rsp), %rsi
	cmpq	1640(%rsp), %rax
	jge	.LBB0_88
.LBB0_54:
	movq	112(%rsp), %rcx
	movq	%rsi, %r11
	testq	%rsi, %rsi
	js	.LBB0_89
.LBB0_55:
	cmpq	1728(%rsp), %rsi
	jge	.LBB0_90
.LBB0_56:
	movq	1480(%rsp), %rax
	movq	%r9, 32(%rsp)
	movq	%rax, %r9
	testq	%rax, %rax
	js	.LBB0_91
	movq	%rbx, 96(%rsp)
	movq	%rdi, 64(%rsp)
	cmpq	%r10, %rax
	jge	.LBB0_92
.LBB0_58:
	testq	%rcx, %rcx
	jle	.LBB0_51
.LBB0_59:
	movq	%rdx, %rsi
	sarq	$63, %rsi
	movq	%rsi, %r15
	movq	%rsi, %rcx
	andq	1632(%rsp), %r15
	andq	1720(%rsp), %rcx
	andq	2176(%rsp), %rsi
	addq	%rdx, %r15
	addq	%rdx, %rsi
	addq	%rdx, %rcx
	cmpb	$0, 1816(%rsp)
	movq	%rsi, 176(%rsp)
	movq	%r15, 168(%rsp)
	je	.LBB0_64
	cmpq	$8, 112(%rsp)
	jge	.LBB0_73
.LBB0_61:
	xorl	%esi, %esi
.LBB0_62:
	movq	72(%rsp), %rax
	leal	(,%rsi,4), %r14d
	movq	104(%rsp), %rdx
	movq	176(%rsp), %rdi
	leaq	(%rax,%r14), %r15
	movq	272(%rsp), %rax
	subq	%rsi, %rdx
	leaq	(%rax,%rcx,4), %rsi
	imulq	1728(%rsp), %rsi
	movq	320(%rsp), %rax
	leaq	(%rax,%r14), %rcx
	movq	224(%rsp), %rax
	addq	%r14, %rsi
	leaq	(%rsi,%r11,4), %rbx
	movq	168(%rsp), %rsi
	addq	1704(%rsp), %rbx
	leaq	(%rax,%rsi,4), %rsi
	movq	64(%rsp), %rax
	imulq	1640(%rsp), %rsi
	leaq	(%rax,%r14), %r13
	movq	32(%rsp), %rax
	addq	%r14, %rsi
	leaq	(%rsi,%rbp,4), %r12
	addq	1616(%rsp), %r12
	leaq	(%rax,%r14), %rsi
	movq	152(%rsp), %rax
	leaq	(%rax,%rdi,4), %rax
	xorl	%edi, %edi
	imulq	%r10, %rax
	addq	%r14, %rax
	addq	96(%rsp), %r14
	leaq	(%rax,%r9,4), %rax
	addq	2160(%rsp), %rax
	.p2align	4
.LBB0_63:
	vmovss	(%rcx,%rdi,4), %xmm0
	movabsq	$.LCPI0_1, %r9
	vaddss	(%rbx,%rdi,4), %xmm0, %xmm0
	vbroadcastss	(%r9), %xmm1
	movabsq	$.LCPI0_12, %r9
	vandps	%xmm1, %xmm0, %xmm1
	vmulss	%xmm1, %xmm13, %xmm1
	vmaxss	%xmm1, %xmm14, %xmm1
	vminss	%xmm1, %xmm15, %xmm1
	vroundss	$4, %xmm1, %xmm1, %xmm2
	vmaxss	%xmm0, %xmm4, %xmm0
	vsubss	%xmm2, %xmm1, %xmm1
	vcvttss2si	%xmm2, %ebp
	vmovaps	%xmm8, %xmm2
	shll	$23, %ebp
	vfmadd213ss	%xmm7, %xmm1, %xmm2
	addl	$1065353216, %ebp
	vmovd	%ebp, %xmm3
	vfmadd213ss	%xmm9, %xmm1, %xmm2
	vfmadd213ss	%xmm10, %xmm1, %xmm2
	vfmadd213ss	%xmm11, %xmm1, %xmm2
	vfmadd213ss	%xmm12, %xmm1, %xmm2
	vfmadd213ss	%xmm5, %xmm1, %xmm2
	vmulss	%xmm3, %xmm2, %xmm1
	vaddss	(%r9), %xmm1, %xmm2
	movabsq	$.LCPI0_13, %r9
	vmovss	(%r9), %xmm3
	movabsq	$.LCPI0_14, %r9
	vdivss	%xmm2, %xmm1, %xmm1
	vmulss	%xmm1, %xmm1, %xmm2
	vfmadd213ss	(%r9), %xmm2, %xmm3
	movabsq	$.LCPI0_15, %r9
	vaddss	%xmm1, %xmm1, %xmm1
	vfmadd213ss	(%r9), %xmm2, %xmm3
	movabsq	$.LCPI0_16, %r9
	vfmadd213ss	(%r9), %xmm2, %xmm3
	vfmadd213ss	%xmm5, %xmm2, %xmm3
	vfmadd213ss	%xmm0, %xmm3, %xmm1
	vmovss	%xmm1, (%r13,%rdi,4)
	vmulss	(%r12,%rdi,4), %xmm1, %xmm0
	vmovss	%xmm0, (%rsi,%rdi,4)
	vmovss	(%rax,%rdi,4), %xmm0
	vmovss	%xmm0, (%r14,%rdi,4)
	vmovss	(%r12,%rdi,4), %xmm1
	vfmadd213ss	(%r15,%rdi,4), %xmm0, %xmm1
	vmovss	%xmm1, (%r15,%rdi,4)
	incq	%rdi
	cmpq	%rdi, %rdx
	jne	.LBB0_63
	jmp	.LBB0_51
	.p2align	4
.LBB0_64:
	cmpq	$40, 112(%rsp)
	movq	%rcx, 80(%rsp)
	jge	.LBB0_79
	xorl	%edx, %edx
.LBB0_66:
	cmpq	$0, 624(%rsp)
	movq	%rdx, %r13
	je	.LBB0_70
	movq	272(%rsp), %r8
	movq	72(%rsp), %rax
	leal	(,%rdx,4), %esi
	movq	64(%rsp), %r12
	xorl	%r13d, %r13d
	leaq	(%r8,%rcx,4), %rcx
	imulq	1728(%rsp), %rcx
	leaq	(%rax,%rsi), %rdi
	movq	320(%rsp), %rax
	movq	%rbp, %r8
	addq	%rsi, %r12
	leaq	(%rax,%rsi), %rbx
	movq	224(%rsp), %rax
	addq	%rsi, %rcx
	leaq	(%rcx,%r11,4), %r14
	movq	168(%rsp), %rcx
	addq	1704(%rsp), %r14
	leaq	(%rax,%rcx,4), %rcx
	imulq	1640(%rsp), %rcx
	movq	152(%rsp), %rax
	addq	%rsi, %rcx
	leaq	(%rcx,%rbp,4), %r15
	movq	32(%rsp), %rcx
	addq	1616(%rsp), %r15
	leaq	(%rcx,%rsi), %rbp
	movq	176(%rsp), %rcx
	leaq	(%rax,%rcx,4), %rcx
	movq	624(%rsp), %rax
	imulq	%r10, %rcx
	addq	%rsi, %rcx
	addq	96(%rsp), %rsi
	leaq	(%rcx,%r9,4), %rcx
	addq	2160(%rsp), %rcx
	.p2align	4
.LBB0_68:
	vmovss	(%rbx,%r13,4), %xmm0
	vaddss	(%r14,%r13,4), %xmm0, %xmm0
	vmovss	%xmm0, (%r12,%r13,4)
	vmulss	(%r15,%r13,4), %xmm0, %xmm0
	vmovss	%xmm0, (%rbp,%r13,4)
	vmovss	(%rcx,%r13,4), %xmm0
	vmovss	%xmm0, (%rsi,%r13,4)
	vmovss	(%r15,%r13,4), %xmm1
	vfmadd213ss	(%rdi,%r13,4), %xmm0, %xmm1
	vmovss	%xmm1, (%rdi,%r13,4)
	incq	%r13
	cmpq	%r13, %rax
	jne	.LBB0_68
	movq	2184(%rsp), %r10
	movq	80(%rsp), %rcx
	addq	%rdx, %r13
	movq	%r8, %rbp
.LBB0_70:
	subq	104(%rsp), %rdx
	cmpq	$-4, %rdx
	ja	.LBB0_51
	movq	1296(%rsp), %rax
	movq	168(%rsp), %rdi
	movq	104(%rsp), %rdx
	leaq	(%rax,%r13,4), %rbx
	movq	1304(%rsp), %rax
	subq	%r13, %rdx
	leaq	(%rax,%r13,4), %r14
	movq	272(%rsp), %rax
	leaq	(%rax,%rcx,4), %rcx
	movq	160(%rsp), %rax
	imulq	1728(%rsp), %rcx
	leaq	(%rax,%r13,4), %rsi
	movq	224(%rsp), %rax
	leaq	(%rcx,%r13,4), %rcx
	leaq	(%rcx,%r11,4), %rcx
	addq	1288(%rsp), %rcx
	leaq	(%rax,%rdi,4), %rdi
	imulq	1640(%rsp), %rdi
	movq	88(%rsp), %rax
	leaq	(%rax,%r13,4), %r12
	movq	152(%rsp), %rax
	leaq	(%rdi,%r13,4), %rdi
	leaq	(%rdi,%rbp,4), %r15
	movq	176(%rsp), %rdi
	addq	856(%rsp), %r15
	leaq	(%rax,%rdi,4), %rax
	movq	32(%rsp), %rdi
	imulq	%r10, %rax
	leaq	(%rax,%r13,4), %rax
	leaq	(%rdi,%r13,4), %rdi
	xorl	%r13d, %r13d
	leaq	(%rax,%r9,4), %rax
	addq	1280(%rsp), %rax
	.p2align	4
.LBB0_72:
	vmovss	-12(%r14,%r13,4), %xmm0
	vaddss	-12(%rcx,%r13,4), %xmm0, %xmm0
	vmovss	%xmm0, -12(%r12,%r13,4)
	vmulss	-12(%r15,%r13,4), %xmm0, %xmm0
	vmovss	%xmm0, (%rdi,%r13,4)
	vmovss	-12(%rax,%r13,4), %xmm0
	vmovss	%xmm0, -12(%rsi,%r13,4)
	vmovss	-12(%r15,%r13,4), %xmm1
	vfmadd213ss	-12(%rbx,%r13,4), %xmm0, %xmm1
	vmovss	%xmm1, -12(%rbx,%r13,4)
	vmovss	-8(%r14,%r13,4), %xmm0
	vaddss	-8(%rcx,%r13,4), %xmm0, %xmm0
	vmovss	%xmm0, -8(%r12,%r13,4)
	vmulss	-8(%r15,%r13,4), %xmm0, %xmm0
	vmovss	%xmm0, 4(%rdi,%r13,4)
	vmovss	-8(%rax,%r13,4), %xmm0
	vmovss	%xmm0, -8(%rsi,%r13,4)
	vmovss	-8(%r15,%r13,4), %xmm1
	vfmadd213ss	-8(%rbx,%r13,4), %xmm0, %xmm1
	vmovss	%xmm1, -8(%rbx,%r13,4)
	vmovss	-4(%r14,%r13,4), %xmm0
	vaddss	-4(%rcx,%r13,4), %xmm0, %xmm0
	vmovss	%xmm0, -4(%r12,%r13,4)
	vmulss	-4(%r15,%r13,4), %xmm0, %xmm0
	vmovss	%xmm0, 8(%rdi,%r13,4)
	vmovss	-4(%rax,%r13,4), %xmm0
	vmovss	%xmm0, -4(%rsi,%r13,4)
	vmovss	-4(%r15,%r13,4), %xmm1
	vfmadd213ss	-4(%rbx,%r13,4), %xmm0, %xmm1
	vmovss	%xmm1, -4(%rbx,%r13,4)
	vmovss	(%r14,%r13,4), %xmm0
	vaddss	(%rcx,%r13,4), %xmm0, %xmm0
	vmovss	%xmm0, (%r12,%r13,4)
	vmulss	(%r15,%r13,4), %xmm0, %xmm0
	vmovss	%xmm0, 12(%rdi,%r13,4)
	vmovss	(%rax,%r13,4), %xmm0
	vmovss	%xmm0, (%rsi,%r13,4)
	vmovss	(%r15,%r13,4), %xmm1
	vfmadd213ss	(%rbx,%r13,4), %xmm0, %xmm1
	vmovss	%xmm1, (%rbx,%r13,4)
	addq	$4, %r13
	cmpq	%r13, %rdx
	jne	.LBB0_72
	jmp	.LBB0_51
.LBB0_73:
	movq	272(%rsp), %rax
	movq	%rcx, 80(%rsp)
	movq	224(%rsp), %rdx
	movq	%r9, 144(%rsp)
	movq	%rbp, 288(%rsp)
	leaq	(%rax,%rcx,4), %rcx
	imulq	1728(%rsp), %rcx
	movq	1704(%rsp), %rax
	leaq	(%rcx,%r11,4), %rbx
	leaq	(%rdx,%r15,4), %rcx
	imulq	1640(%rsp), %rcx
	movq	72(%rsp), %r15
	leaq	(%rax,%rbx), %r14
	movq	1616(%rsp), %rax
	addq	592(%rsp), %rbx
	leaq	(%rcx,%rbp,4), %r13
	movq	152(%rsp), %rcx
	leaq	(%rax,%r13), %r12
	movq	2160(%rsp), %rax
	addq	600(%rsp), %r13
	leaq	(%rcx,%rsi,4), %rcx
	imulq	%r10, %rcx
	leaq	(%rcx,%r9,4), %rdx
	movq	608(%rsp), %r9
	leaq	(%rax,%rdx), %r8
	movq	280(%rsp), %rax
	addq	832(%rsp), %rdx
	cmpq	%rbx, %rax
	setb	%cl
	cmpq	%r9, %r14
	setb	%sil
	andb	%cl, %sil
	orb	136(%rsp), %sil
	cmpq	%r13, %rax
	setb	%cl
	cmpq	%r9, %r12
	setb	%dil
	andb	%cl, %dil
	cmpq	%rdx, %rax
	movq	360(%rsp), %rax
	setb	%cl
	cmpq	%r9, %r8
	movq	848(%rsp), %r9
	setb	%bpl
	andb	%cl, %bpl
	orb	%dil, %bpl
	orb	%sil, %bpl
	cmpq	%rbx, %rax
	setb	%cl
	cmpq	%r9, %r14
	setb	%sil
	andb	%cl, %sil
	orb	135(%rsp), %sil
	orb	134(%rsp), %sil
	orb	%bpl, %sil
	cmpq	%r13, %rax
	setb	%cl
	cmpq	%r9, %r12
	setb	%dil
	andb	%cl, %dil
	cmpq	%rdx, %rax
	movq	312(%rsp), %rax
	setb	%cl
	cmpq	%r9, %r8
	movq	616(%rsp), %r9
	setb	%bpl
	andb	%cl, %bpl
	orb	%dil, %bpl
	orb	133(%rsp), %bpl
	cmpq	%rbx, %rax
	setb	%cl
	cmpq	%r9, %r14
	setb	%dil
	andb	%cl, %dil
	orb	%bpl, %dil
	orb	%sil, %dil
	cmpq	%r13, %rax
	setb	%cl
	cmpq	%r9, %r12
	setb	%sil
	andb	%cl, %sil
	orb	132(%rsp), %sil
	cmpq	%rdx, %rax
	setb	%cl
	cmpq	%r9, %r8
	movq	840(%rsp), %r9
	setb	%bpl
	andb	%cl, %bpl
	orb	%sil, %bpl
	cmpq	%rbx, %r15
	setb	%cl
	cmpq	%r9, %r14
	setb	%bl
	andb	%cl, %bl
	orb	%bpl, %bl
	orb	55(%rsp), %bl
	orb	%dil, %bl
	cmpq	%r13, %r15
	setb	%cl
	cmpq	%r9, %r12
	setb	%sil
	cmpq	%rdx, %r15
	setb	%dl
	cmpq	%r9, %r8
	setb	%dil
	testb	$1, %bl
	jne	.LBB0_85
	andb	%sil, %cl
	jne	.LBB0_85
	movq	288(%rsp), %rbp
	movq	144(%rsp), %r9
	movq	80(%rsp), %rcx
	andb	%dil, %dl
	movl	$0, %esi
	jne	.LBB0_62
	movq	%r11, 216(%rsp)
	movq	72(%rsp), %r9
	movq	320(%rsp), %r15
	movq	480(%rsp), %rcx
	movq	64(%rsp), %rbx
	movq	32(%rsp), %r11
	movq	96(%rsp), %rax
	movq	%r8, 40(%rsp)
	movq	%r14, %r8
	movabsq	$.LCPI0_5, %r10
	movabsq	$.LCPI0_13, %rdi
	movabsq	$.LCPI0_14, %r13
	movabsq	$.LCPI0_15, %rbp
	movabsq	$.LCPI0_16, %r14
	xorl	%edx, %edx
	.p2align	4
.LBB0_77:
	vmovups	(%r15,%rdx,4), %ymm0
	movabsq	$.LCPI0_1, %rsi
	vpbroadcastd	(%r10), %ymm4
	vbroadcastss	(%r13), %ymm5
	vaddps	(%r8,%rdx,4), %ymm0, %ymm0
	vbroadcastss	(%rsi), %ymm1
	movabsq	$.LCPI0_2, %rsi
	vbroadcastss	(%rsi), %ymm2
	movabsq	$.LCPI0_3, %rsi
	vandps	%ymm1, %ymm0, %ymm1
	vmaxps	%ymm0, %ymm6, %ymm0
	vmulps	%ymm2, %ymm1, %ymm1
	vbroadcastss	(%rsi), %ymm2
	movabsq	$.LCPI0_4, %rsi
	vmaxps	%ymm1, %ymm2, %ymm1
	vbroadcastss	(%rsi), %ymm2
	movabsq	$.LCPI0_6, %rsi
	vminps	%ymm1, %ymm2, %ymm1
	vroundps	$4, %ymm1, %ymm2
	vcvttps2dq	%ymm2, %ymm3
	vsubps	%ymm2, %ymm1, %ymm1
	vbroadcastss	(%rsi), %ymm2
	movabsq	$.LCPI0_7, %rsi
	vpslld	$23, %ymm3, %ymm3
	vpaddd	%ymm4, %ymm3, %ymm3
	vbroadcastss	(%rsi), %ymm4
	movabsq	$.LCPI0_8, %rsi
	vfmadd231ps	%ymm2, %ymm1, %ymm4
	vbroadcastss	(%rsi), %ymm2
	movabsq	$.LCPI0_9, %rsi
	vfmadd231ps	%ymm4, %ymm1, %ymm2
	vbroadcastss	(%rsi), %ymm4
	movabsq	$.LCPI0_10, %rsi
	vfmadd231ps	%ymm2, %ymm1, %ymm4
	vbroadcastss	(%rsi), %ymm2
	movabsq	$.LCPI0_11, %rsi
	vfmadd231ps	%ymm4, %ymm1, %ymm2
	vbroadcastss	(%rsi), %ymm4
	movabsq	$.LCPI0_12, %rsi
	vfmadd231ps	%ymm2, %ymm1, %ymm4
	vbroadcastss	(%r10), %ymm2
	vfmadd213ps	%ymm2, %ymm1, %ymm4
	vmulps	%ymm3, %ymm4, %ymm1
	vbroadcastss	(%rsi), %ymm3
	vbroadcastss	(%rdi), %ymm4
	movq	40(%rsp), %rsi
	vaddps	%ymm3, %ymm1, %ymm3
	vdivps	%ymm3, %ymm1, %ymm1
	vmulps	%ymm1, %ymm1, %ymm3
	vaddps	%ymm1, %ymm1, %ymm1
	vfmadd231ps	%ymm4, %ymm3, %ymm5
	vbroadcastss	(%rbp), %ymm4
	vfmadd231ps	%ymm5, %ymm3, %ymm4
	vbroadcastss	(%r14), %ymm5
	vfmadd231ps	%ymm4, %ymm3, %ymm5
	vfmadd213ps	%ymm2, %ymm3, %ymm5
	vfmadd213ps	%ymm0, %ymm5, %ymm1
	vmovups	%ymm1, (%rbx,%rdx,4)
	vmulps	(%r12,%rdx,4), %ymm1, %ymm0
	vmovups	%ymm0, (%r11,%rdx,4)
	vmovups	(%rsi,%rdx,4), %ymm0
	vmovups	%ymm0, (%rax,%rdx,4)
	vmovups	(%r12,%rdx,4), %ymm1
	vfmadd213ps	(%r9,%rdx,4), %ymm0, %ymm1
	vmovups	%ymm1, (%r9,%rdx,4)
	addq	$8, %rdx
	cmpq	%rdx, %rcx
	jne	.LBB0_77
	vmovss	204(%rsp), %xmm5
	movq	%rcx, %rsi
	vxorps	%xmm4, %xmm4, %xmm4
	movq	2184(%rsp), %r10
	movq	288(%rsp), %rbp
	movq	144(%rsp), %r9
	movq	216(%rsp), %r11
	cmpq	%rcx, 104(%rsp)
	movq	80(%rsp), %rcx
	je	.LBB0_51
	jmp	.LBB0_62
.LBB0_79:
	movq	272(%rsp), %rax
	movq	224(%rsp), %rdx
	movq	%r9, 144(%rsp)
	movq	%rbp, %r8
	movq	%r11, 216(%rsp)
	leaq	(%rax,%rcx,4), %rcx
	imulq	1728(%rsp), %rcx
	movq	1704(%rsp), %rax
	leaq	(%rcx,%r11,4), %rbx
	leaq	(%rdx,%r15,4), %rcx
	imulq	1640(%rsp), %rcx
	movq	72(%rsp), %r11
	leaq	(%rax,%rbx), %r14
	movq	1616(%rsp), %rax
	addq	592(%rsp), %rbx
	leaq	(%rcx,%rbp,4), %r13
	movq	152(%rsp), %rcx
	leaq	(%rax,%r13), %r15
	movq	2160(%rsp), %rax
	addq	600(%rsp), %r13
	leaq	(%rcx,%rsi,4), %rcx
	imulq	%r10, %rcx
	leaq	(%rcx,%r9,4), %rdx
	movq	608(%rsp), %r9
	leaq	(%rax,%rdx), %r12
	movq	280(%rsp), %rax
	addq	832(%rsp), %rdx
	cmpq	%rbx, %rax
	setb	%cl
	cmpq	%r9, %r14
	setb	%sil
	andb	%cl, %sil
	orb	131(%rsp), %sil
	cmpq	%r13, %rax
	setb	%cl
	cmpq	%r9, %r15
	setb	%dil
	andb	%cl, %dil
	cmpq	%rdx, %rax
	movq	360(%rsp), %rax
	setb	%cl
	cmpq	%r9, %r12
	movq	848(%rsp), %r9
	setb	%bpl
	andb	%cl, %bpl
	orb	%dil, %bpl
	orb	%sil, %bpl
	cmpq	%rbx, %rax
	setb	%cl
	cmpq	%r9, %r14
	setb	%sil
	andb	%cl, %sil
	orb	130(%rsp), %sil
	orb	129(%rsp), %sil
	orb	%bpl, %sil
	cmpq	%r13, %rax
	setb	%cl
	cmpq	%r9, %r15
	setb	%dil
	andb	%cl, %dil
	cmpq	%rdx, %rax
	movq	312(%rsp), %rax
	setb	%cl
	cmpq	%r9, %r12
	movq	616(%rsp), %r9
	setb	%bpl
	andb	%cl, %bpl
	orb	%dil, %bpl
	orb	128(%rsp), %bpl
	cmpq	%rbx, %rax
	setb	%cl
	cmpq	%r9, %r14
	setb	%dil
	andb	%cl, %dil
	orb	%bpl, %dil
	orb	%sil, %dil
	cmpq	%r13, %rax
	setb	%cl
	cmpq	%r9, %r15
	setb	%sil
	andb	%cl, %sil
	orb	127(%rsp), %sil
	cmpq	%rdx, %rax
	setb	%cl
	cmpq	%r9, %r12
	movq	840(%rsp), %r9
	setb	%bpl
	andb	%cl, %bpl
	orb	%sil, %bpl
	cmpq	%rbx, %r11
	setb	%cl
	cmpq	%r9, %r14
	setb	%bl
	andb	%cl, %bl
	orb	%bpl, %bl
	orb	55(%rsp), %bl
	orb	%dil, %bl
	cmpq	%r13, %r11
	setb	%cl
	cmpq	%r9, %r15
	setb	%sil
	cmpq	%rdx, %r11
	setb	%dl
	cmpq	%r9, %r12
	setb	%dil
	testb	$1, %bl
	jne	.LBB0_86
	andb	%sil, %cl
	jne	.LBB0_86
	movq	144(%rsp), %r9
	movq	216(%rsp), %r11
	movq	80(%rsp), %rcx
	andb	%dil, %dl
	movl	$0, %edx
	movq	%r8, %rbp
	jne	.LBB0_66
	movq	72(%rsp), %rax
	movq	320(%rsp), %rdx
	movq	480(%rsp), %rsi
	movq	64(%rsp), %rdi
	movq	32(%rsp), %r9
	movq	96(%rsp), %rbx
	xorl	%ecx, %ecx
	.p2align	4
.LBB0_83:
	vmovups	(%rdx,%rcx,4), %ymm0
	vaddps	(%r14,%rcx,4), %ymm0, %ymm0
	vmovups	%ymm0, (%rdi,%rcx,4)
	vmulps	(%r15,%rcx,4), %ymm0, %ymm0
	vmovups	%ymm0, (%r9,%rcx,4)
	vmovups	(%r12,%rcx,4), %ymm0
	vmovups	%ymm0, (%rbx,%rcx,4)
	vmovups	(%r15,%rcx,4), %ymm1
	vfmadd213ps	(%rax,%rcx,4), %ymm0, %ymm1
	vmovups	%ymm1, (%rax,%rcx,4)
	addq	$8, %rcx
	cmpq	%rcx, %rsi
	jne	.LBB0_83
	movq	144(%rsp), %r9
	movq	80(%rsp), %rcx
	movq	%rsi, %rdx
	cmpq	%rsi, 104(%rsp)
	je	.LBB0_51
	jmp	.LBB0_66
.LBB0_85:
	movq	288(%rsp), %rbp
	movq	144(%rsp), %r9
	movq	80(%rsp), %rcx
	jmp	.LBB0_61
.LBB0_86:
	movq	144(%rsp), %r9
	movq	216(%rsp), %r11
	movq	80(%rsp), %rcx
	xorl	%edx, %edx
	movq	%r8, %rbp
	jmp	.LBB0_66
.LBB0_87:
	xorl	%ebp, %ebp
	movq	896(%rsp), %rsi
	cmpq	1640(%rsp), %rax
	jl	.LBB0_54
.LBB0_88:
	movq	1640(%rsp), %rbp
	movq	112(%rsp), %rcx
	movq	%rsi, %r11
	testq	%rsi, %rsi
	jns	.LBB0_55
.LBB0_89:
	xorl	%r11d, %r11d
	cmpq	1728(%rsp), %rsi
	jl	.LBB0_56
.LBB0_90:
	movq	1728(%rsp), %r11
	jmp	.LBB0_56
.LBB0_91:
	xorl	%r9d, %r9d
	movq	%rbx, 96(%rsp)
	movq	%rdi, 64(%rsp)
	cmpq	%r10, %rax
	jl	.LBB0_58
.LBB0_92:
	movq	%r10, %r9
	testq	%rcx, %rcx
	jg	.LBB0_59
	jmp	.LBB0_51
	.p2align	4
.LBB0_93:
	movq	576(%rsp), %rbx
	movq	408(%rsp), %rdi
	movabsq	$memset, %r14
	xorl	%esi, %esi
	movq	%rbx, %rdx
	vzeroupper
	callq	*%r14
	movq	400(%rsp), %rdi
	xorl	%esi, %esi
	movq	%rbx, %rdx
	callq	*%r14
	vmovss	204(%rsp), %xmm5
	vmovss	240(%rsp), %xmm12
	vmovss	244(%rsp), %xmm11
	vmovss	248(%rsp), %xmm10
	vmovss	252(%rsp), %xmm9
	vmovss	256(%rsp), %xmm8
	vmovss	260(%rsp), %xmm7
	vmovss	232(%rsp), %xmm15
	vmovss	236(%rsp), %xmm14
	vmovss	308(%rsp), %xmm13
.LBB0_94:
	cmpb	$0, 126(%rsp)
	je	.LBB0_165
.LBB0_95:
	movq	112(%rsp), %r14
	testq	%r13, %r13
	jle	.LBB0_48
	movq	472(%rsp), %rcx
	movq	808(%rsp), %rsi
	movq	1704(%rsp), %r8
	movq	536(%rsp), %r12
	movq	1240(%rsp), %rbp
	movq	280(%rsp), %r10
	movq	400(%rsp), %r11
	movq	%rcx, %rdx
	sarq	$63, %rdx
	movq	%rdx, %rax
	andq	1712(%rsp), %rax
	movq	%rdx, %rdi
	movq	%rdx, %r9
	andq	1624(%rsp), %rdi
	andq	2264(%rsp), %r9
	andq	2352(%rsp), %rdx
	addq	%rcx, %rax
	addq	%rcx, %rdi
	addq	%rcx, %r9
	imulq	1200(%rsp), %r9
	imulq	800(%rsp), %rdi
	addq	%rcx, %rdx
	movq	1248(%rsp), %rcx
	imulq	%rax, %rsi
	imulq	1224(%rsp), %rax
	movq	%rsi, 864(%rsp)
	movq	816(%rsp), %rsi
	movq	%r9, 432(%rsp)
	movq	%rdi, 440(%rsp)
	movq	1256(%rsp), %rdi
	movq	408(%rsp), %r9
	leaq	(%r8,%rax,4), %rax
	movq	2344(%rsp), %r8
	movq	%rsi, 272(%rsp)
	movq	%rax, 1336(%rsp)
	movq	1216(%rsp), %rax
	movq	%rdi, 224(%rsp)
	imulq	%rdx, %rax
	imulq	1208(%rsp), %rdx
	leaq	(%r8,%rax,4), %rax
	movq	%rax, 1328(%rsp)
	movq	312(%rsp), %rax
	movq	%rdx, 152(%rsp)
	xorl	%edx, %edx
	jmp	.LBB0_98
	.p2align	4
.LBB0_97:
	movq	160(%rsp), %rdx
	movq	168(%rsp), %r11
	movq	176(%rsp), %r10
	movq	184(%rsp), %r9
	movq	96(%rsp), %rax
	addq	$512, 272(%rsp)
	addq	$512, 224(%rsp)
	addq	$512, %rcx
	addq	$512, %rbp
	incq	%rdx
	addq	$512, %r11
	addq	$512, %r10
	addq	$512, %r9
	addq	$512, %rax
	cmpq	%rdx, %r13
	je	.LBB0_48
.LBB0_98:
	movq	%rax, 96(%rsp)
	movq	%rdx, %rax
	notq	%rax
	movq	%rdx, 160(%rsp)
	addq	%r13, %rax
	cmpb	$0, 2216(%rsp)
	movq	%r12, %r13
	cmoveq	%rdx, %rax
	testq	%r12, %r12
	js	.LBB0_147
	movq	896(%rsp), %rdx
	movq	1472(%rsp), %rdi
	cmpq	1640(%rsp), %r12
	jge	.LBB0_148
.LBB0_100:
	movq	%rdx, 88(%rsp)
	testq	%rdx, %rdx
	js	.LBB0_149
.LBB0_101:
	cmpq	1728(%rsp), %rdx
	jge	.LBB0_150
.LBB0_102:
	movq	%rdi, %r15
	testq	%rdi, %rdi
	js	.LBB0_151
.LBB0_103:
	cmpq	2280(%rsp), %rdi
	jge	.LBB0_152
.LBB0_104:
	movq	1464(%rsp), %rdx
	movq	%rdx, 32(%rsp)
	testq	%rdx, %rdx
	js	.LBB0_153
.LBB0_105:
	movq	%r11, 168(%rsp)
	movq	%r10, 176(%rsp)
	movq	%r9, 184(%rsp)
	cmpq	2368(%rsp), %rdx
	jge	.LBB0_154
.LBB0_106:
	movq	%rax, %rdx
	sarq	$63, %rdx
	movq	%rdx, 40(%rsp)
	andq	2360(%rsp), %rdx
	addq	%rax, %rdx
	movq	%rdx, 64(%rsp)
	movq	328(%rsp), %rdx
	testq	%r14, %r14
	jle	.LBB0_132
	movq	40(%rsp), %rsi
	movq	%rcx, 80(%rsp)
	movq	%r15, 216(%rsp)
	movq	%rsi, %r9
	andq	1632(%rsp), %r9
	andq	2272(%rsp), %rsi
	addq	%rax, %r9
	addq	%rax, %rsi
	cmpq	$24, 112(%rsp)
	movq	%rsi, 144(%rsp)
	movq	%r9, 288(%rsp)
	jge	.LBB0_116
.LBB0_108:
	xorl	%edi, %edi
.LBB0_109:
	movq	104(%rsp), %rsi
	movq	%rdi, %rbx
	testb	$3, %sil
	je	.LBB0_113
	movq	544(%rsp), %r8
	leal	(,%rdi,4), %ebx
	movq	432(%rsp), %r11
	movq	440(%rsp), %r12
	movq	%rbp, %rcx
	movq	64(%rsp), %rbp
	movq	176(%rsp), %rsi
	movq	184(%rsp), %r9
	movq	96(%rsp), %r14
	leaq	(%r8,%rbx), %r10
	movq	144(%rsp), %r8
	addq	%rbx, %rsi
	addq	%rbx, %r9
	addq	%rbx, %r14
	leaq	(%r11,%r8,4), %r11
	movq	288(%rsp), %r8
	imulq	2280(%rsp), %r11
	leaq	(%r12,%r8,4), %r12
	imulq	1640(%rsp), %r12
	movq	%r13, %r8
	addq	%rbx, %r11
	leaq	(%r11,%r15,4), %r11
	movq	168(%rsp), %r15
	addq	2256(%rsp), %r11
	addq	%rbx, %r12
	leaq	(%r12,%r13,4), %r12
	movq	152(%rsp), %r13
	addq	%rbx, %r15
	addq	1616(%rsp), %r12
	leaq	(%r13,%rbp,4), %rbp
	imulq	2368(%rsp), %rbp
	movq	624(%rsp), %r13
	addq	%rbx, %rbp
	movq	32(%rsp), %rbx
	leaq	(%rbp,%rbx,4), %rbp
	addq	2344(%rsp), %rbp
	xorl	%ebx, %ebx
	.p2align	4
.LBB0_111:
	vmovss	(%r10,%rbx,4), %xmm0
	vmovss	(%rsi,%rbx,4), %xmm1
	vmulss	(%r14,%rbx,4), %xmm0, %xmm0
	vfmadd132ss	(%r9,%rbx,4), %xmm0, %xmm1
	vmovss	%xmm1, (%r11,%rbx,4)
	vmovss	(%r9,%rbx,4), %xmm0
	vmovss	(%r12,%rbx,4), %xmm1
	vfmadd213ss	(%r15,%rbx,4), %xmm0, %xmm1
	vmovss	%xmm1, (%rbp,%rbx,4)
	incq	%rbx
	cmpq	%rbx, %r13
	jne	.LBB0_111
	movq	%rcx, %rbp
	movq	104(%rsp), %rsi
	movq	80(%rsp), %rcx
	addq	%rdi, %rbx
	movq	%r8, %r13
.LBB0_113:
	subq	%rsi, %rdi
	cmpq	$-4, %rdi
	ja	.LBB0_132
	movq	152(%rsp), %rsi
	movq	64(%rsp), %rdi
	movq	144(%rsp), %r8
	movq	1368(%rsp), %rdx
	movq	104(%rsp), %r11
	leaq	(%rcx,%rbx,4), %r12
	leaq	(%rsi,%rdi,4), %rsi
	imulq	2368(%rsp), %rsi
	movq	32(%rsp), %rdi
	leaq	(%rdx,%rbx,4), %r15
	movq	328(%rsp), %rdx
	subq	%rbx, %r11
	leaq	(%rsi,%rbx,4), %rsi
	leaq	(%rsi,%rdi,4), %r14
	movq	440(%rsp), %rsi
	movq	288(%rsp), %rdi
	addq	1360(%rsp), %r14
	leaq	(%rsi,%rdi,4), %rsi
	imulq	1640(%rsp), %rsi
	leaq	(%rbp,%rbx,4), %rdi
	leaq	(%rsi,%rbx,4), %rsi
	leaq	(%rsi,%r13,4), %r13
	movq	224(%rsp), %rsi
	addq	856(%rsp), %r13
	leaq	(%rsi,%rbx,4), %r10
	movq	432(%rsp), %rsi
	leaq	(%rsi,%r8,4), %rsi
	imulq	2280(%rsp), %rsi
	movq	216(%rsp), %r8
	leaq	(%rsi,%rbx,4), %rsi
	leaq	(%rsi,%r8,4), %r9
	movq	272(%rsp), %rsi
	addq	1352(%rsp), %r9
	leaq	(%rsi,%rbx,4), %rbx
	xorl	%esi, %esi
	.p2align	4
.LBB0_115:
	vmovss	-12(%r15,%rsi,4), %xmm0
	vmovss	-12(%rbx,%rsi,4), %xmm1
	vmulss	-8(%r12,%rsi,4), %xmm0, %xmm0
	vfmadd132ss	-12(%r10,%rsi,4), %xmm0, %xmm1
	vmovss	%xmm1, -12(%r9,%rsi,4)
	vmovss	-12(%r10,%rsi,4), %xmm0
	vmovss	-12(%r13,%rsi,4), %xmm1
	vfmadd213ss	-12(%rdi,%rsi,4), %xmm0, %xmm1
	vmovss	%xmm1, -12(%r14,%rsi,4)
	vmovss	-8(%r15,%rsi,4), %xmm0
	vmovss	-8(%rbx,%rsi,4), %xmm1
	vmulss	-4(%r12,%rsi,4), %xmm0, %xmm0
	vfmadd132ss	-8(%r10,%rsi,4), %xmm0, %xmm1
	vmovss	%xmm1, -8(%r9,%rsi,4)
	vmovss	-8(%r10,%rsi,4), %xmm0
	vmovss	-8(%r13,%rsi,4), %xmm1
	vfmadd213ss	-8(%rdi,%rsi,4), %xmm0, %xmm1
	vmovss	%xmm1, -8(%r14,%rsi,4)
	vmovss	-4(%r15,%rsi,4), %xmm0
	vmovss	-4(%rbx,%rsi,4), %xmm1
	vmulss	(%r12,%rsi,4), %xmm0, %xmm0
	vfmadd132ss	-4(%r10,%rsi,4), %xmm0, %xmm1
	vmovss	%xmm1, -4(%r9,%rsi,4)
	vmovss	-4(%r10,%rsi,4), %xmm0
	vmovss	-4(%r13,%rsi,4), %xmm1
	vfmadd213ss	-4(%rdi,%rsi,4), %xmm0, %xmm1
	vmovss	%xmm1, -4(%r14,%rsi,4)
	vmovss	(%r15,%rsi,4), %xmm0
	vmovss	(%rbx,%rsi,4), %xmm1
	vmulss	4(%r12,%rsi,4), %xmm0, %xmm0
	vfmadd132ss	(%r10,%rsi,4), %xmm0, %xmm1
	vmovss	%xmm1, (%r9,%rsi,4)
	vmovss	(%r10,%rsi,4), %xmm0
	vmovss	(%r13,%rsi,4), %xmm1
	vfmadd213ss	(%rdi,%rsi,4), %xmm0, %xmm1
	vmovss	%xmm1, (%r14,%rsi,4)
	addq	$4, %rsi
	cmpq	%rsi, %r11
	jne	.LBB0_115
	jmp	.LBB0_132
	.p2align	4
.LBB0_116:
	movq	432(%rsp), %rcx
	movq	64(%rsp), %rdx
	movq	%r13, 552(%rsp)
	movq	1384(%rsp), %r8
	movq	%rbp, 352(%rsp)
	movq	280(%rsp), %rbp
	movq	400(%rsp), %r10
	leaq	(%rcx,%rsi,4), %rsi
	imulq	2280(%rsp), %rsi
	movq	2256(%rsp), %rcx
	leaq	(%rsi,%r15,4), %rbx
	movq	2344(%rsp), %rsi
	leaq	(%rcx,%rbx), %r14
	movq	152(%rsp), %rcx
	addq	1376(%rsp), %rbx
	leaq	(%rcx,%rdx,4), %rdx
	imulq	2368(%rsp), %rdx
	movq	32(%rsp), %rcx
	leaq	(%rdx,%rcx,4), %rdi
	movq	440(%rsp), %rdx
	movq	1616(%rsp), %rcx
	leaq	(%rsi,%rdi), %r12
	addq	872(%rsp), %rdi
	leaq	(%rdx,%r9,4), %rsi
	imulq	1640(%rsp), %rsi
	movq	616(%rsp), %r9
	movq	408(%rsp), %rdx
	leaq	(%rsi,%r13,4), %r15
	movq	1392(%rsp), %r13
	movq	608(%rsp), %rsi
	leaq	(%rcx,%r15), %r11
	movq	312(%rsp), %rcx
	addq	600(%rsp), %r15
	cmpq	%rdi, %r14
	setb	424(%rsp)
	cmpq	%rbx, %r12
	setb	416(%rsp)
	cmpq	%r9, %r14
	setb	720(%rsp)
	cmpq	%rbx, %rcx
	setb	704(%rsp)
	cmpq	%r13, %r14
	setb	696(%rsp)
	cmpq	%rbx, 544(%rsp)
	setb	688(%rsp)
	cmpq	%r8, %r14
	setb	680(%rsp)
	cmpq	%rbx, %rdx
	setb	672(%rsp)
	cmpq	%rsi, %r14
	setb	664(%rsp)
	cmpq	%rbx, %rbp
	setb	656(%rsp)
	cmpq	880(%rsp), %r14
	setb	336(%rsp)
	cmpq	%rbx, %r10
	setb	528(%rsp)
	cmpq	%r15, %r14
	setb	520(%rsp)
	cmpq	%rbx, %r11
	setb	512(%rsp)
	cmpq	%r9, %r12
	setb	%r9b
	cmpq	%rdi, %rcx
	setb	504(%rsp)
	cmpq	%r13, %r12
	setb	%bl
	cmpq	%rdi, 544(%rsp)
	setb	%r13b
	cmpq	%r8, %r12
	setb	%cl
	cmpq	%rdi, %rdx
	setb	648(%rsp)
	cmpq	%rsi, %r12
	setb	%dl
	cmpq	%rdi, %rbp
	setb	%bpl
	cmpq	880(%rsp), %r12
	setb	%sil
	cmpq	%rdi, %r10
	setb	496(%rsp)
	cmpq	%r15, %r12
	movzbl	416(%rsp), %r15d
	setb	%r8b
	cmpq	%rdi, %r11
	setb	%dil
	testb	%r15b, 424(%rsp)
	jne	.LBB0_163
	movl	%edx, %r10d
	movzbl	704(%rsp), %edx
	movb	%bpl, 416(%rsp)
	movb	%r13b, 424(%rsp)
	movb	%dil, 640(%rsp)
	movl	%esi, %edi
	movl	%ecx, %esi
	movq	352(%rsp), %rbp
	movq	80(%rsp), %rcx
	movq	552(%rsp), %r13
	movq	216(%rsp), %r15
	movb	%r8b, 488(%rsp)
	andb	%dl, 720(%rsp)
	movq	328(%rsp), %rdx
	jne	.LBB0_108
	movq	%r13, %r8
	movzbl	688(%rsp), %r13d
	andb	%r13b, 696(%rsp)
	jne	.LBB0_162
	movzbl	672(%rsp), %r13d
	andb	%r13b, 680(%rsp)
	movq	%r8, %r13
	jne	.LBB0_108
	movzbl	656(%rsp), %r8d
	andb	%r8b, 664(%rsp)
	jne	.LBB0_108
	movzbl	528(%rsp), %r8d
	andb	%r8b, 336(%rsp)
	jne	.LBB0_108
	movzbl	512(%rsp), %r8d
	andb	%r8b, 520(%rsp)
	jne	.LBB0_108
	andb	504(%rsp), %r9b
	jne	.LBB0_108
	andb	424(%rsp), %bl
	jne	.LBB0_108
	andb	648(%rsp), %sil
	jne	.LBB0_108
	andb	416(%rsp), %r10b
	jne	.LBB0_108
	andb	496(%rsp), %dil
	jne	.LBB0_108
	movzbl	640(%rsp), %esi
	movl	$0, %edi
	andb	%sil, 488(%rsp)
	jne	.LBB0_109
	movq	480(%rsp), %rdx
	movq	96(%rsp), %rdi
	movq	184(%rsp), %r9
	movq	176(%rsp), %r10
	movq	168(%rsp), %rbx
	xorl	%esi, %esi
	.p2align	4
.LBB0_130:
	movq	544(%rsp), %r8
	vmovups	(%r10,%rsi,4), %ymm1
	vmovups	(%r8,%rsi,4), %ymm0
	vmulps	(%rdi,%rsi,4), %ymm0, %ymm0
	vfmadd132ps	(%r9,%rsi,4), %ymm0, %ymm1
	vmovups	%ymm1, (%r14,%rsi,4)
	vmovups	(%r9,%rsi,4), %ymm0
	vmovups	(%r11,%rsi,4), %ymm1
	vfmadd213ps	(%rbx,%rsi,4), %ymm0, %ymm1
	vmovups	%ymm1, (%r12,%rsi,4)
	addq	$8, %rsi
	cmpq	%rsi, %rdx
	jne	.LBB0_130
	movq	%rdx, %rdi
	cmpq	%rdx, 104(%rsp)
	movq	328(%rsp), %rdx
	jne	.LBB0_109
	.p2align	4
.LBB0_132:
	cmpb	$0, 140(%rsp)
	movq	1632(%rsp), %r13
	movq	112(%rsp), %r14
	movq	536(%rsp), %r12
	movabsq	$.LCPI0_3, %r10
	movabsq	$.LCPI0_8, %r15
	jne	.LBB0_97
	movq	40(%rsp), %rdi
	andq	1720(%rsp), %rdi
	addq	%rax, %rdi
	movq	%rdi, 40(%rsp)
	cmpq	$8, %r14
	jge	.LBB0_140
.LBB0_134:
	movq	104(%rsp), %r9
	xorl	%eax, %eax
.LBB0_135:
	movq	%rax, %rsi
	orq	$1, %rsi
	movq	%r9, %r10
	testb	$1, %r9b
	je	.LBB0_137
	movq	40(%rsp), %rdi
	movq	1336(%rsp), %rdx
	movq	320(%rsp), %r8
	shll	$2, %eax
	imulq	1728(%rsp), %rdi
	vmovss	(%r8,%rax), %xmm1
	leaq	(%rdx,%rdi,4), %rdi
	movq	88(%rsp), %rdx
	leaq	(%rdi,%rdx,4), %r9
	movq	64(%rsp), %rdi
	movq	1328(%rsp), %rdx
	imulq	2368(%rsp), %rdi
	vaddss	(%r9,%rax), %xmm1, %xmm1
	leaq	(%rdx,%rdi,4), %rdi
	movq	32(%rsp), %rdx
	vmulss	%xmm1, %xmm13, %xmm1
	leaq	(%rdi,%rdx,4), %rdi
	movq	328(%rsp), %rdx
	vmovss	(%rdi,%rax), %xmm0
	vmaxss	%xmm1, %xmm14, %xmm1
	vminss	%xmm1, %xmm15, %xmm1
	vroundss	$4, %xmm1, %xmm1, %xmm2
	vsubss	%xmm2, %xmm1, %xmm1
	vcvttss2si	%xmm2, %r9d
	vmovaps	%xmm8, %xmm2
	shll	$23, %r9d
	vfmadd213ss	%xmm7, %xmm1, %xmm2
	addl	$1065353216, %r9d
	vmovd	%r9d, %xmm3
	vfmadd213ss	%xmm9, %xmm1, %xmm2
	vfmadd213ss	%xmm10, %xmm1, %xmm2
	vfmadd213ss	%xmm11, %xmm1, %xmm2
	vfmadd213ss	%xmm12, %xmm1, %xmm2
	vfmadd213ss	%xmm5, %xmm1, %xmm2
	vfmadd213ss	%xmm5, %xmm3, %xmm2
	vdivss	%xmm2, %xmm0, %xmm0
	vmovss	%xmm0, (%rdi,%rax)
	movq	%rsi, %rax
.LBB0_137:
	cmpq	%rsi, %r10
	je	.LBB0_97
	movq	152(%rsp), %rsi
	movq	64(%rsp), %r9
	movq	%r10, %rdi
	leaq	(%rsi,%r9,4), %rsi
	imulq	2368(%rsp), %rsi
	movq	32(%rsp), %r9
	leaq	(%rsi,%r9,4), %r10
	movq	864(%rsp), %rsi
	movq	40(%rsp), %r9
	addq	1320(%rsp), %r10
	leaq	(%rsi,%r9,4), %rsi
	imulq	1728(%rsp), %rsi
	movq	88(%rsp), %r9
	leaq	(%rsi,%r9,4), %r9
	addq	1312(%rsp), %r9
	.p2align	4
.LBB0_139:
	vmovss	-4(%rdx,%rax,4), %xmm0
	vaddss	-4(%r9,%rax,4), %xmm0, %xmm0
	vmulss	%xmm0, %xmm13, %xmm0
	vmaxss	%xmm0, %xmm14, %xmm0
	vminss	%xmm0, %xmm15, %xmm0
	vroundss	$4, %xmm0, %xmm0, %xmm1
	vsubss	%xmm1, %xmm0, %xmm0
	vcvttss2si	%xmm1, %esi
	vmovaps	%xmm8, %xmm1
	shll	$23, %esi
	vfmadd213ss	%xmm7, %xmm0, %xmm1
	addl	$1065353216, %esi
	vmovd	%esi, %xmm2
	vfmadd213ss	%xmm9, %xmm0, %xmm1
	vfmadd213ss	%xmm10, %xmm0, %xmm1
	vfmadd213ss	%xmm11, %xmm0, %xmm1
	vfmadd213ss	%xmm12, %xmm0, %xmm1
	vfmadd213ss	%xmm5, %xmm0, %xmm1
	vmovss	-4(%r10,%rax,4), %xmm0
	vfmadd213ss	%xmm5, %xmm2, %xmm1
	vdivss	%xmm1, %xmm0, %xmm0
	vmovss	(%r10,%rax,4), %xmm1
	vmovss	%xmm0, -4(%r10,%rax,4)
	vmovss	(%rdx,%rax,4), %xmm0
	vaddss	(%r9,%rax,4), %xmm0, %xmm0
	vmulss	%xmm0, %xmm13, %xmm0
	vmaxss	%xmm0, %xmm14, %xmm0
	vminss	%xmm0, %xmm15, %xmm0
	vroundss	$4, %xmm0, %xmm0, %xmm2
	vsubss	%xmm2, %xmm0, %xmm0
	vcvttss2si	%xmm2, %esi
	vmovaps	%xmm8, %xmm2
	shll	$23, %esi
	vfmadd213ss	%xmm7, %xmm0, %xmm2
	addl	$1065353216, %esi
	vmovd	%esi, %xmm3
	vfmadd213ss	%xmm9, %xmm0, %xmm2
	vfmadd213ss	%xmm10, %xmm0, %xmm2
	vfmadd213ss	%xmm11, %xmm0, %xmm2
	vfmadd213ss	%xmm12, %xmm0, %xmm2
	vfmadd213ss	%xmm5, %xmm0, %xmm2
	vfmadd213ss	%xmm5, %xmm3, %xmm2
	vdivss	%xmm2, %xmm1, %xmm0
	vmovss	%xmm0, (%r10,%rax,4)
	addq	$2, %rax
	cmpq	%rax, %rdi
	jne	.LBB0_139
	jmp	.LBB0_97
	.p2align	4
.LBB0_140:
	movq	152(%rsp), %rax
	movq	64(%rsp), %rsi
	leaq	(%rax,%rsi,4), %rax
	imulq	2368(%rsp), %rax
	movq	32(%rsp), %rsi
	leaq	(%rax,%rsi,4), %rsi
	movq	2344(%rsp), %rax
	leaq	(%rax,%rsi), %r11
	movq	864(%rsp), %rax
	addq	872(%rsp), %rsi
	leaq	(%rax,%rdi,4), %rax
	imulq	1728(%rsp), %rax
	movq	88(%rsp), %rdi
	leaq	(%rax,%rdi,4), %rax
	movq	1704(%rsp), %rdi
	leaq	(%rdi,%rax), %rbx
	addq	592(%rsp), %rax
	cmpq	%rax, %r11
	setb	%dil
	cmpq	%rsi, %rbx
	setb	%r9b
	cmpq	1344(%rsp), %r11
	setb	%al
	cmpq	%rsi, 320(%rsp)
	setb	%sil
	testb	%r9b, %dil
	jne	.LBB0_134
	movq	104(%rsp), %r9
	andb	%sil, %al
	movl	$0, %eax
	movabsq	$.LCPI0_4, %rdi
	jne	.LBB0_135
	movq	320(%rsp), %r13
	movq	480(%rsp), %r8
	movq	%rcx, 80(%rsp)
	movq	%rbp, 352(%rsp)
	movabsq	$.LCPI0_2, %rsi
	movabsq	$.LCPI0_7, %r9
	movabsq	$.LCPI0_6, %r14
	movabsq	$.LCPI0_9, %r12
	movabsq	$.LCPI0_10, %rbp
	movabsq	$.LCPI0_11, %rdx
	movabsq	$.LCPI0_5, %rcx
	xorl	%eax, %eax
	.p2align	4
.LBB0_143:
	vmovups	(%r13,%rax,4), %ymm1
	vbroadcastss	(%rsi), %ymm2
	vpbroadcastd	(%rcx), %ymm4
	vbroadcastss	(%rcx), %ymm6
	vmovups	(%r11,%rax,4), %ymm0
	vaddps	(%rbx,%rax,4), %ymm1, %ymm1
	vmulps	%ymm2, %ymm1, %ymm1
	vbroadcastss	(%r10), %ymm2
	vmaxps	%ymm1, %ymm2, %ymm1
	vbroadcastss	(%rdi), %ymm2
	vminps	%ymm1, %ymm2, %ymm1
	vroundps	$4, %ymm1, %ymm2
	vcvttps2dq	%ymm2, %ymm3
	vsubps	%ymm2, %ymm1, %ymm1
	vbroadcastss	(%r14), %ymm2
	vpslld	$23, %ymm3, %ymm3
	vpaddd	%ymm4, %ymm3, %ymm3
	vbroadcastss	(%r9), %ymm4
	vfmadd231ps	%ymm2, %ymm1, %ymm4
	vbroadcastss	(%r15), %ymm2
	vfmadd231ps	%ymm4, %ymm1, %ymm2
	vbroadcastss	(%r12), %ymm4
	vfmadd231ps	%ymm2, %ymm1, %ymm4
	vbroadcastss	(%rbp), %ymm2
	vfmadd231ps	%ymm4, %ymm1, %ymm2
	vbroadcastss	(%rdx), %ymm4
	vfmadd231ps	%ymm2, %ymm1, %ymm4
	vfmadd213ps	%ymm6, %ymm1, %ymm4
	vfmadd213ps	%ymm6, %ymm3, %ymm4
	vdivps	%ymm4, %ymm0, %ymm0
	vmovups	%ymm0, (%r11,%rax,4)
	addq	$8, %rax
	cmpq	%rax, %r8
	jne	.LBB0_143
	movq	104(%rsp), %r9
	movq	112(%rsp), %r14
	movq	536(%rsp), %r12
	movq	328(%rsp), %rdx
	movq	1632(%rsp), %r13
	movq	352(%rsp), %rbp
	movq	80(%rsp), %rcx
	movq	%r8, %rax
	cmpq	%r8, %r9
	je	.LBB0_97
	jmp	.LBB0_135
.LBB0_147:
	xorl	%r13d, %r13d
	movq	896(%rsp), %rdx
	movq	1472(%rsp), %rdi
	cmpq	1640(%rsp), %r12
	jl	.LBB0_100
.LBB0_148:
	movq	1640(%rsp), %r13
	movq	%rdx, 88(%rsp)
	testq	%rdx, %rdx
	jns	.LBB0_101
.LBB0_149:
	movq	$0, 88(%rsp)
	cmpq	1728(%rsp), %rdx
	jl	.LBB0_102
.LBB0_150:
	movq	1728(%rsp), %rsi
	movq	%rsi, 88(%rsp)
	movq	%rdi, %r15
	testq	%rdi, %rdi
	jns	.LBB0_103
.LBB0_151:
	xorl	%r15d, %r15d
	cmpq	2280(%rsp), %rdi
	jl	.LBB0_104
.LBB0_152:
	movq	2280(%rsp), %r15
	movq	1464(%rsp), %rdx
	movq	%rdx, 32(%rsp)
	testq	%rdx, %rdx
	jns	.LBB0_105
.LBB0_153:
	movq	$0, 32(%rsp)
	jmp	.LBB0_105
.LBB0_154:
	movq	2368(%rsp), %rsi
	movq	%rsi, 32(%rsp)
	jmp	.LBB0_106
.LBB0_162:
	xorl	%edi, %edi
	movq	%r8, %r13
	jmp	.LBB0_109
.LBB0_163:
	movq	328(%rsp), %rdx
	movq	352(%rsp), %rbp
	movq	80(%rsp), %rcx
	movq	552(%rsp), %r13
	movq	216(%rsp), %r15
	jmp	.LBB0_108
	.p2align	4
.LBB0_165:
	movq	472(%rsp), %rcx
	movq	384(%rsp), %rdi
	xorl	%r9d, %r9d
	movq	%rcx, %rdx
	sarq	$63, %rdx
	movq	%rdx, %rax
	andq	1936(%rsp), %rax
	movq	%rdx, %rsi
	andq	2024(%rsp), %rsi
	addq	%rcx, %rax
	imulq	1960(%rsp), %rax
	addq	%rcx, %rsi
	imulq	2048(%rsp), %rsi
	movq	%rax, 80(%rsp)
	movq	1192(%rsp), %rax
	movq	%rsi, 696(%rsp)
	movq	%rdx, %rsi
	andq	2536(%rsp), %rsi
	andq	2640(%rsp), %rdx
	addq	%rcx, %rax
	addq	%rax, %rsi
	movq	1184(%rsp), %rax
	imulq	2544(%rsp), %rsi
	addq	%rcx, %rax
	movq	344(%rsp), %rcx
	addq	%rax, %rdx
	imulq	2648(%rsp), %rdx
	movl	$1, %eax
	movq	%rsi, 688(%rsp)
	movq	%rax, 496(%rsp)
	movq	1176(%rsp), %rsi
	movq	1168(%rsp), %rax
	movq	%rcx, 488(%rsp)
	movq	%rdx, 704(%rsp)
	jmp	.LBB0_168
	.p2align	4
.LBB0_166:
	movq	208(%rsp), %rdx
	movq	528(%rsp), %rsi
	movq	520(%rsp), %rdi
	movq	512(%rsp), %r8
	movq	504(%rsp), %r9
	vmovups	(%rdx), %ymm0
	vmovups	32(%rdx), %ymm1
	vaddps	(%rax), %ymm0, %ymm0
	vaddps	32(%rax), %ymm1, %ymm1
	vmovups	%ymm0, (%rax)
	vmovups	%ymm1, 32(%rax)
	vmovups	512(%rdx), %ymm0
	vmovups	544(%rdx), %ymm1
	vaddps	(%rcx), %ymm0, %ymm0
	vaddps	32(%rcx), %ymm1, %ymm1
	vmovups	%ymm0, (%rcx)
	vmovups	%ymm1, 32(%rcx)
	vmovups	64(%rdx), %ymm0
	vmovups	96(%rdx), %ymm1
	vaddps	64(%rax), %ymm0, %ymm0
	vaddps	96(%rax), %ymm1, %ymm1
	vmovups	%ymm0, 64(%rax)
	vmovups	%ymm1, 96(%rax)
	vmovups	576(%rdx), %ymm0
	vmovups	608(%rdx), %ymm1
	vaddps	64(%rcx), %ymm0, %ymm0
	vaddps	96(%rcx), %ymm1, %ymm1
	vmovups	%ymm0, 64(%rcx)
	vmovups	%ymm1, 96(%rcx)
	vmovups	128(%rdx), %ymm0
	vmovups	160(%rdx), %ymm1
	vaddps	128(%rax), %ymm0, %ymm0
	vaddps	160(%rax), %ymm1, %ymm1
	vmovups	%ymm0, 128(%rax)
	vmovups	%ymm1, 160(%rax)
	vmovups	640(%rdx), %ymm0
	vmovups	672(%rdx), %ymm1
	vaddps	128(%rcx), %ymm0, %ymm0
	vaddps	160(%rcx), %ymm1, %ymm1
	vmovups	%ymm0, 128(%rcx)
	vmovups	%ymm1, 160(%rcx)
	vmovups	192(%rdx), %ymm0
	vmovups	224(%rdx), %ymm1
	vaddps	192(%rax), %ymm0, %ymm0
	vaddps	224(%rax), %ymm1, %ymm1
	vmovups	%ymm0, 192(%rax)
	vmovups	%ymm1, 224(%rax)
	vmovups	704(%rdx), %ymm0
	vmovups	736(%rdx), %ymm1
	vaddps	192(%rcx), %ymm0, %ymm0
	vaddps	224(%rcx), %ymm1, %ymm1
	vmovups	%ymm0, 192(%rcx)
	vmovups	%ymm1, 224(%rcx)
	vmovups	256(%rdx), %ymm0
	vmovups	288(%rdx), %ymm1
	vaddps	256(%rax), %ymm0, %ymm0
	vaddps	288(%rax), %ymm1, %ymm1
	vmovups	%ymm0, 256(%rax)
	vmovups	%ymm1, 288(%rax)
	vmovups	768(%rdx), %ymm0
	vmovups	800(%rdx), %ymm1
	vaddps	256(%rcx), %ymm0, %ymm0
	vaddps	288(%rcx), %ymm1, %ymm1
	vmovups	%ymm0, 256(%rcx)
	vmovups	%ymm1, 288(%rcx)
	vmovups	320(%rdx), %ymm0
	vmovups	352(%rdx), %ymm1
	vaddps	320(%rax), %ymm0, %ymm0
	vaddps	352(%rax), %ymm1, %ymm1
	vmovups	%ymm0, 320(%rax)
	vmovups	%ymm1, 352(%rax)
	vmovups	832(%rdx), %ymm0
	vmovups	864(%rdx), %ymm1
	vaddps	320(%rcx), %ymm0, %ymm0
	vaddps	352(%rcx), %ymm1, %ymm1
	vmovups	%ymm0, 320(%rcx)
	vmovups	%ymm1, 352(%rcx)
	vmovups	384(%rdx), %ymm0
	vmovups	416(%rdx), %ymm1
	vaddps	384(%rax), %ymm0, %ymm0
	vaddps	416(%rax), %ymm1, %ymm1
	vmovups	%ymm0, 384(%rax)
	vmovups	%ymm1, 416(%rax)
	vmovups	896(%rdx), %ymm0
	vmovups	928(%rdx), %ymm1
	vaddps	384(%rcx), %ymm0, %ymm0
	vaddps	416(%rcx), %ymm1, %ymm1
	vmovups	%ymm0, 384(%rcx)
	vmovups	%ymm1, 416(%rcx)
	vmovups	448(%rdx), %ymm0
	vmovups	480(%rdx), %ymm1
	vaddps	448(%rax), %ymm0, %ymm0
	vaddps	480(%rax), %ymm1, %ymm1
	vmovups	%ymm0, 448(%rax)
	vmovups	%ymm1, 480(%rax)
	vmovups	960(%rdx), %ymm0
	vmovups	992(%rdx), %ymm1
	vaddps	448(%rcx), %ymm0, %ymm0
	vaddps	480(%rcx), %ymm1, %ymm1
	vmovups	%ymm0, 448(%rcx)
	vmovups	%ymm1, 480(%rcx)
.LBB0_167:
	addq	$2, 496(%rsp)
	addq	$1024, 488(%rsp)
	addq	$1024, %rdi
	addq	$1024, %rsi
	leaq	-1(%r8), %rax
	cmpq	$1, %r8
	jle	.LBB0_95
.LBB0_168:
	movq	%rax, 512(%rsp)
	movq	%rdi, 520(%rsp)
	movq	%rsi, 528(%rsp)
	movq	%r9, 336(%rsp)
	testq	%r13, %r13
	jle	.LBB0_178
	movq	336(%rsp), %r11
	movq	1952(%rsp), %rdi
	movq	1976(%rsp), %r9
	movq	1928(%rsp), %r10
	movq	264(%rsp), %r8
	movl	$0, %esi
	movq	344(%rsp), %r15
	movq	1424(%rsp), %rbx
	movq	728(%rsp), %r14
	movq	1440(%rsp), %r12
	movq	%r11, %rax
	sarq	$63, %rax
	movq	%r11, %rdx
	orq	$1, %rdx
	movq	%rax, %rcx
	andq	%rdi, %rcx
	addq	%r11, %rcx
	imulq	%r9, %rcx
	addq	%r10, %rcx
	cmpq	$-1, %r11
	cmovlq	%rdi, %rsi
	movl	$0, %edi
	leaq	1(%rsi,%r11), %rsi
	cmovlq	%r8, %rdi
	andq	%r8, %rax
	leaq	(%rax,%r11), %r8
	imulq	%r9, %rsi
	shlq	$9, %r8
	leaq	(%r15,%r8), %r9
	addq	%rbx, %r8
	addq	%r10, %rsi
	leaq	1(%rdi,%r11), %r10
	movq	%rsi, 40(%rsp)
	movq	736(%rsp), %rsi
	shlq	$9, %r10
	leaq	(%r15,%r10), %r11
	addq	%rbx, %r10
	cmpq	%r10, %r14
	setb	%bl
	cmpq	%r12, %r11
	setb	%bpl
	andb	%bl, %bpl
	cmpq	%r8, %r14
	setb	%bl
	cmpq	%r12, %r9
	movq	1448(%rsp), %r12
	setb	%r14b
	andb	%bl, %r14b
	orb	139(%rsp), %r14b
	movq	1416(%rsp), %rbx
	orb	%bpl, %r14b
	cmpq	%r10, %rsi
	setb	%r10b
	cmpq	%r12, %r11
	setb	%r11b
	andb	%r10b, %r11b
	orb	138(%rsp), %r11b
	orb	%r14b, %r11b
	cmpq	%r8, %rsi
	setb	%r10b
	cmpq	%r12, %r9
	movq	280(%rsp), %r9
	setb	%r8b
	addq	496(%rsp), %rdi
	shlq	$9, %rax
	addq	488(%rsp), %rax
	xorl	%r14d, %r14d
	andb	%r10b, %r8b
	orb	137(%rsp), %r8b
	movq	1432(%rsp), %r10
	shlq	$9, %rdi
	orb	%r11b, %r8b
	movq	360(%rsp), %r11
	addq	%r15, %rdi
	jmp	.LBB0_171
	.p2align	4
.LBB0_170:
	incq	%r14
	addq	$1024, %rbx
	addq	$512, %r11
	addq	$1024, %r10
	addq	$512, %r9
	movq	%rsi, %r13
	cmpq	%r14, %rsi
	je	.LBB0_178
.LBB0_171:
	movq	%r14, %r12
	notq	%r12
	vxorps	%xmm0, %xmm0, %xmm0
	addq	%r13, %r12
	cmpb	$0, 2216(%rsp)
	cmoveq	%r14, %r12
	movq	%r12, %r15
	sarq	$63, %r15
	andq	1944(%rsp), %r15
	addq	%r12, %r15
	imulq	1968(%rsp), %r15
	addq	80(%rsp), %r15
	cmpq	1952(%rsp), %rdx
	jge	.LBB0_173
	movq	40(%rsp), %rsi
	vmovss	(%rsi,%r15), %xmm0
.LBB0_173:
	vmovss	(%rcx,%r15), %xmm1
	movabsq	$.LCPI0_3, %r12
	movq	%r13, %rsi
	testb	$1, %r8b
	je	.LBB0_176
	xorl	%r15d, %r15d
	.p2align	4
.LBB0_175:
	vmovss	(%r9,%r15), %xmm2
	vmovss	204(%rsp), %xmm6
	vmulss	(%rax,%r15), %xmm2, %xmm3
	vmulss	(%rdi,%r15), %xmm2, %xmm2
	vmaxss	%xmm3, %xmm14, %xmm3
	vmaxss	%xmm2, %xmm14, %xmm2
	vminss	%xmm3, %xmm15, %xmm3
	vminss	%xmm2, %xmm15, %xmm2
	vroundss	$4, %xmm3, %xmm3, %xmm4
	vsubss	%xmm4, %xmm3, %xmm3
	vcvttss2si	%xmm4, %ebp
	vmovaps	%xmm8, %xmm4
	shll	$23, %ebp
	vfmadd213ss	%xmm7, %xmm3, %xmm4
	addl	$1065353216, %ebp
	vmovd	%ebp, %xmm5
	vfmadd213ss	%xmm9, %xmm3, %xmm4
	vfmadd213ss	%xmm10, %xmm3, %xmm4
	vfmadd213ss	%xmm11, %xmm3, %xmm4
	vfmadd213ss	%xmm12, %xmm3, %xmm4
	vfmadd213ss	%xmm6, %xmm3, %xmm4
	vmulss	%xmm5, %xmm4, %xmm3
	vroundss	$4, %xmm2, %xmm2, %xmm4
	vsubss	%xmm4, %xmm2, %xmm2
	vcvttss2si	%xmm4, %ebp
	vmovaps	%xmm8, %xmm4
	vmovss	%xmm3, -512(%r10,%r15)
	shll	$23, %ebp
	vfmadd213ss	%xmm7, %xmm2, %xmm4
	addl	$1065353216, %ebp
	vmovd	%ebp, %xmm5
	vfmadd213ss	%xmm9, %xmm2, %xmm4
	vfmadd213ss	%xmm10, %xmm2, %xmm4
	vfmadd213ss	%xmm11, %xmm2, %xmm4
	vfmadd213ss	%xmm12, %xmm2, %xmm4
	vfmadd213ss	%xmm6, %xmm2, %xmm4
	vmulss	%xmm5, %xmm4, %xmm2
	vmovss	%xmm2, (%r10,%r15)
	vmulss	(%r11,%r15), %xmm1, %xmm4
	vfmadd231ss	-1536(%rbx,%r15), %xmm3, %xmm4
	vmovss	%xmm4, -512(%rbx,%r15)
	vmulss	(%r11,%r15), %xmm0, %xmm3
	vfmadd231ss	-1024(%rbx,%r15), %xmm2, %xmm3
	vmovss	%xmm3, (%rbx,%r15)
	addq	$4, %r15
	cmpq	$512, %r15
	jne	.LBB0_175
	jmp	.LBB0_170
	.p2align	4
.LBB0_176:
	vbroadcastss	%xmm0, %ymm0
	vbroadcastss	%xmm1, %ymm1
	xorl	%r15d, %r15d
	.p2align	4
.LBB0_177:
	vmovups	(%r9,%r15), %ymm3
	movabsq	$.LCPI0_4, %rbp
	vbroadcastss	(%r12), %ymm4
	movabsq	$.LCPI0_5, %r13
	vmulps	(%rax,%r15), %ymm3, %ymm2
	vbroadcastss	(%rbp), %ymm5
	vmulps	(%rdi,%r15), %ymm3, %ymm3
	movabsq	$.LCPI0_6, %rbp
	vbroadcastss	(%r13), %ymm15
	vpbroadcastd	(%r13), %ymm8
	vmaxps	%ymm2, %ymm4, %ymm2
	vmaxps	%ymm3, %ymm4, %ymm3
	vminps	%ymm2, %ymm5, %ymm2
	vminps	%ymm3, %ymm5, %ymm3
	vroundps	$4, %ymm2, %ymm6
	vroundps	$4, %ymm3, %ymm4
	vcvttps2dq	%ymm6, %ymm7
	vsubps	%ymm6, %ymm2, %ymm6
	vbroadcastss	(%rbp), %ymm2
	movabsq	$.LCPI0_7, %rbp
	vsubps	%ymm4, %ymm3, %ymm3
	vcvttps2dq	%ymm4, %ymm5
	vbroadcastss	(%rbp), %ymm9
	movabsq	$.LCPI0_8, %rbp
	vbroadcastss	(%rbp), %ymm11
	movabsq	$.LCPI0_9, %rbp
	vbroadcastss	(%rbp), %ymm12
	movabsq	$.LCPI0_10, %rbp
	vpslld	$23, %ymm7, %ymm7
	vpslld	$23, %ymm5, %ymm5
	vbroadcastss	(%rbp), %ymm13
	movabsq	$.LCPI0_11, %rbp
	vpaddd	%ymm7, %ymm8, %ymm7
	vpaddd	%ymm5, %ymm8, %ymm5
	vmovss	256(%rsp), %xmm8
	vbroadcastss	(%rbp), %ymm14
	vmovaps	%ymm2, %ymm10
	vfmadd213ps	%ymm9, %ymm6, %ymm10
	vfmadd213ps	%ymm9, %ymm3, %ymm2
	vmovss	252(%rsp), %xmm9
	vfmadd213ps	%ymm11, %ymm6, %ymm10
	vfmadd213ps	%ymm11, %ymm3, %ymm2
	vmovss	244(%rsp), %xmm11
	vfmadd213ps	%ymm12, %ymm6, %ymm10
	vfmadd213ps	%ymm12, %ymm3, %ymm2
	vmovss	240(%rsp), %xmm12
	vfmadd213ps	%ymm13, %ymm6, %ymm10
	vfmadd213ps	%ymm13, %ymm3, %ymm2
	vfmadd213ps	%ymm14, %ymm6, %ymm10
	vfmadd213ps	%ymm14, %ymm3, %ymm2
	vmovss	236(%rsp), %xmm14
	vfmadd213ps	%ymm15, %ymm6, %ymm10
	vfmadd213ps	%ymm15, %ymm3, %ymm2
	vmovss	232(%rsp), %xmm15
	vmulps	%ymm7, %ymm10, %ymm6
	vmulps	%ymm5, %ymm2, %ymm2
	vmovss	248(%rsp), %xmm10
	vmovss	260(%rsp), %xmm7
	vmovups	%ymm6, -512(%r10,%r15)
	vmovups	%ymm2, (%r10,%r15)
	vmulps	(%r11,%r15), %ymm1, %ymm3
	vfmadd231ps	-1536(%rbx,%r15), %ymm6, %ymm3
	vmovups	%ymm3, -512(%rbx,%r15)
	vmulps	(%r11,%r15), %ymm0, %ymm3
	vfmadd231ps	-1024(%rbx,%r15), %ymm2, %ymm3
	vmovups	%ymm3, (%rbx,%r15)
	addq	$32, %r15
	cmpq	$512, %r15
	jne	.LBB0_177
	jmp	.LBB0_170
	.p2align	4
.LBB0_178:
	movq	192(%rsp), %rdi
	movl	$1024, %edx
	movabsq	$memset, %rbx
	xorl	%esi, %esi
	vzeroupper
	callq	*%rbx
	movq	208(%rsp), %rdi
	movl	$1024, %edx
	xorl	%esi, %esi
	callq	*%rbx
	movq	336(%rsp), %rax
	movq	264(%rsp), %rcx
	movq	%rax, %rbp
	sarq	$63, %rbp
	movq	%rbp, %rsi
	andq	%rcx, %rsi
	movq	%rsi, %r12
	addq	%rax, %r12
	movq	%r12, %rbx
	js	.LBB0_214
	movq	392(%rsp), %rdi
	movq	296(%rsp), %r14
	cmpq	%rcx, %r12
	jge	.LBB0_215
.LBB0_180:
	leaq	2(%rax), %rdx
	cmpq	$-2, %rax
	movl	$0, %eax
	cmovlq	%rcx, %rax
	movq	%rdx, 504(%rsp)
	addq	%rdx, %rax
	movq	%rax, %r15
	js	.LBB0_216
	movq	%rsi, 640(%rsp)
	cmpq	%rcx, %rax
	jge	.LBB0_217
.LBB0_182:
	subq	%rbx, %r15
	movq	%r15, %rax
	sarq	$63, %rax
	andnq	%r15, %rax, %r13
	movabsq	$NRT_incref, %rax
	callq	*%rax
	leaq	-3(%r15), %rax
	cmpq	$-2, %rax
	jb	.LBB0_218
.LBB0_183:
	movq	632(%rsp), %r8
	shlq	$9, %rbx
	movq	%r13, %rax
	movq	%r12, 648(%rsp)
	leaq	(%r8,%rbx), %r13
	cmpq	%r13, 744(%rsp)
	jbe	.LBB0_185
	shlq	$9, %rax
	movq	%rax, %rdi
	addq	%r13, %rax
	cmpq	%r14, %rax
	ja	.LBB0_219
.LBB0_185:
	xorl	%eax, %eax
	cmpq	$1, %r15
	movq	%r14, %rdx
	setne	%cl
	subq	%r13, %rdx
	cmpq	$127, %rdx
	jbe	.LBB0_232
	vmovups	(%r13), %ymm0
	vmovups	32(%r13), %ymm1
	vmovups	64(%r13), %ymm2
	vmovups	96(%r13), %ymm3
	movq	392(%rsp), %rdi
	vmovups	%ymm0, (%r14)
	vmovups	%ymm1, 32(%r14)
	vmovups	%ymm2, 64(%r14)
	vmovups	%ymm3, 96(%r14)
	vmovups	128(%r13), %ymm0
	vmovups	160(%r13), %ymm1
	vmovups	192(%r13), %ymm2
	vmovups	224(%r13), %ymm3
	vmovups	%ymm0, 128(%r14)
	vmovups	%ymm1, 160(%r14)
	vmovups	%ymm2, 192(%r14)
	vmovups	%ymm3, 224(%r14)
	vmovups	256(%r13), %ymm0
	vmovups	288(%r13), %ymm1
	vmovups	320(%r13), %ymm2
	vmovups	352(%r13), %ymm3
	vmovups	%ymm0, 256(%r14)
	vmovups	%ymm1, 288(%r14)
	vmovups	%ymm2, 320(%r14)
	vmovups	%ymm3, 352(%r14)
	vmovups	384(%r13), %ymm0
	vmovups	416(%r13), %ymm1
	vmovups	448(%r13), %ymm2
	vmovups	480(%r13), %ymm3
	vmovups	%ymm0, 384(%r14)
	vmovups	%ymm1, 416(%r14)
	vmovups	%ymm2, 448(%r14)
	vmovups	%ymm3, 480(%r14)
.LBB0_187:
	movq	888(%rsp), %rdx
	movb	%cl, %al
	shll	$9, %eax
	leaq	(%rax,%r8), %rcx
	addq	%rbx, %rcx
	subq	%rcx, %rdx
	cmpq	$127, %rdx
	jbe	.LBB0_234
	vmovups	(%r13,%rax), %ymm0
	vmovups	32(%r13,%rax), %ymm1
	vmovups	64(%r13,%rax), %ymm2
	vmovups	96(%r13,%rax), %ymm3
	movabsq	$NRT_decref, %rdx
	vmovups	%ymm0, 512(%r14)
	vmovups	%ymm1, 544(%r14)
	vmovups	%ymm2, 576(%r14)
	vmovups	%ymm3, 608(%r14)
	vmovups	128(%r13,%rax), %ymm0
	vmovups	160(%r13,%rax), %ymm1
	vmovups	192(%r13,%rax), %ymm2
	vmovups	224(%r13,%rax), %ymm3
	vmovups	%ymm0, 640(%r14)
	vmovups	%ymm1, 672(%r14)
	vmovups	%ymm2, 704(%r14)
	vmovups	%ymm3, 736(%r14)
	vmovups	256(%r13,%rax), %ymm0
	vmovups	288(%r13,%rax), %ymm1
	vmovups	320(%r13,%rax), %ymm2
	vmovups	352(%r13,%rax), %ymm3
	vmovups	%ymm0, 768(%r14)
	vmovups	%ymm1, 800(%r14)
	vmovups	%ymm2, 832(%r14)
	vmovups	%ymm3, 864(%r14)
	vmovups	384(%r13,%rax), %ymm0
	vmovups	416(%r13,%rax), %ymm1
	vmovups	448(%r13,%rax), %ymm2
	vmovups	480(%r13,%rax), %ymm3
	movq	1632(%rsp), %r13
	vmovups	%ymm0, 896(%r14)
	vmovups	%ymm1, 928(%r14)
	vmovups	%ymm2, 960(%r14)
	vmovups	%ymm3, 992(%r14)
.LBB0_189:
	vzeroupper
	callq	*%rdx
	testq	%r13, %r13
	jle	.LBB0_206
	movq	1952(%rsp), %rsi
	movq	336(%rsp), %r14
	movq	1976(%rsp), %r11
	movq	%rbp, %rdi
	movq	1928(%rsp), %rbx
	movq	2040(%rsp), %r10
	movq	2552(%rsp), %r9
	movq	2656(%rsp), %r8
	movl	$0, %edx
	movq	2520(%rsp), %rcx
	movq	2624(%rsp), %rax
	vmovss	308(%rsp), %xmm13
	vmovss	236(%rsp), %xmm14
	vmovss	232(%rsp), %xmm15
	andq	%rsi, %rdi
	movq	%r14, %r15
	orq	$1, %r15
	leaq	(%rcx,%r14,4), %rcx
	leaq	(%rax,%r14,4), %rax
	addq	%r14, %rdi
	movq	%r15, 352(%rsp)
	imulq	%r11, %rdi
	addq	%rbx, %rdi
	cmpq	$-1, %r14
	cmovlq	%rsi, %rdx
	movl	$0, %esi
	movq	%rdi, 552(%rsp)
	movl	$0, %edi
	leaq	1(%rdx,%r14), %r12
	movl	$0, %edx
	cmovlq	%r9, %rsi
	cmovlq	%r8, %rdi
	cmovlq	%r10, %rdx
	imulq	%r11, %r12
	movq	2016(%rsp), %r11
	addq	%rbx, %r12
	movq	%rbp, %rbx
	andq	%r10, %rbx
	movq	912(%rsp), %r10
	movq	%r12, 680(%rsp)
	movq	2064(%rsp), %r12
	addq	%r14, %rbx
	leaq	1(%rdx,%r14), %r14
	movq	%rbp, %rdx
	andq	%r9, %rdx
	andq	%r8, %rbp
	leaq	(%rcx,%rdx,4), %rdx
	leaq	4(%rcx,%rsi,4), %rcx
	movq	%rdx, 416(%rsp)
	leaq	(%rax,%rbp,4), %rdx
	leaq	4(%rax,%rdi,4), %rax
	movq	%rcx, 664(%rsp)
	movq	%r13, %rbp
	imulq	%r12, %rbx
	imulq	%r12, %r14
	movq	%rax, 656(%rsp)
	movq	1408(%rsp), %r12
	movq	1400(%rsp), %rax
	movq	%rdx, 720(%rsp)
	addq	%r11, %rbx
	addq	%r11, %r14
	movq	192(%rsp), %r11
	movq	%rbx, 424(%rsp)
	movq	%r14, 672(%rsp)
	jmp	.LBB0_192
	.p2align	4
.LBB0_191:
	vmovss	260(%rsp), %xmm7
	vmovss	256(%rsp), %xmm8
	vmovss	252(%rsp), %xmm9
	vmovss	248(%rsp), %xmm10
	vmovss	244(%rsp), %xmm11
	vmovss	240(%rsp), %xmm12
	vmovss	204(%rsp), %xmm5
	movq	272(%rsp), %r10
	movq	144(%rsp), %rax
	decq	%rbp
	addq	$-1024, %r12
	decq	%r10
	cmpq	$1, %rax
	leaq	-1(%rax), %rax
	jle	.LBB0_205
.LBB0_192:
	movq	912(%rsp), %rdx
	movq	%rax, 144(%rsp)
	vxorps	%xmm1, %xmm1, %xmm1
	vxorps	%xmm0, %xmm0, %xmm0
	subq	%r10, %rdx
	cmpb	$0, 2216(%rsp)
	cmoveq	%r10, %rdx
	movq	%rdx, %rsi
	sarq	$63, %rsi
	movq	%rsi, %rax
	andq	1944(%rsp), %rax
	addq	%rdx, %rax
	imulq	1968(%rsp), %rax
	addq	80(%rsp), %rax
	cmpq	1952(%rsp), %r15
	jge	.LBB0_194
	movq	680(%rsp), %rcx
	vmovss	(%rcx,%rax), %xmm0
.LBB0_194:
	movq	%rsi, %rcx
	andq	2032(%rsp), %rcx
	movq	%rbp, 224(%rsp)
	movq	%r12, 152(%rsp)
	movq	%rsi, 216(%rsp)
	movq	%rdx, 288(%rsp)
	addq	%rdx, %rcx
	imulq	2056(%rsp), %rcx
	addq	696(%rsp), %rcx
	cmpq	2040(%rsp), %r15
	jge	.LBB0_196
	movq	672(%rsp), %rdx
	vmovss	(%rdx,%rcx), %xmm1
.LBB0_196:
	movq	552(%rsp), %rdx
	movq	728(%rsp), %r8
	movq	360(%rsp), %rdi
	movq	%r10, 272(%rsp)
	vmovss	(%rdx,%rax), %xmm2
	movq	424(%rsp), %rax
	movq	%r10, %rdx
	sarq	$63, %rdx
	movq	%rdx, %rsi
	andq	%r13, %rsi
	leaq	(%rsi,%r10), %rbx
	movq	%rbx, %r9
	shlq	$9, %r9
	cmpq	$-1, %r10
	leaq	(%rdi,%r9), %rdi
	vmovss	(%rax,%rcx), %xmm3
	movq	312(%rsp), %rax
	movq	1488(%rsp), %rcx
	movq	%rdi, 440(%rsp)
	movq	408(%rsp), %rdi
	leaq	(%rax,%r9), %r14
	movl	$0, %eax
	leaq	(%rdi,%r9), %rdi
	cmovlq	%rcx, %rax
	shlq	$10, %rbx
	andq	%rcx, %rdx
	movq	400(%rsp), %rcx
	movq	%r14, 432(%rsp)
	addq	%rbx, %r8
	movq	%rbx, %r13
	leaq	(%r10,%rax), %r15
	addq	%r10, %rdx
	addq	1504(%rsp), %r13
	movq	%r8, 40(%rsp)
	movq	1536(%rsp), %r8
	shlq	$10, %r15
	shlq	$10, %rdx
	leaq	(%rcx,%r9), %rbx
	movq	280(%rsp), %rcx
	movq	%r13, 32(%rsp)
	leaq	(%r8,%r9), %r12
	movq	1528(%rsp), %r8
	leaq	(%rcx,%r9), %r10
	movq	1544(%rsp), %rcx
	addq	%r9, %r8
	movq	%r8, 160(%rsp)
	movq	1512(%rsp), %r8
	addq	%r9, %rcx
	addq	%r9, %r8
	addq	1496(%rsp), %r9
	cmpq	%r12, %rdi
	movq	%r8, 64(%rsp)
	setb	%r8b
	cmpq	%rcx, %rbx
	setb	%bpl
	andb	%r8b, %bpl
	cmpq	368(%rsp), %rdi
	movq	%r9, 168(%rsp)
	setb	%r8b
	cmpq	%rcx, 208(%rsp)
	setb	%r13b
	andb	%r8b, %r13b
	orb	%bpl, %r13b
	cmpq	448(%rsp), %rdi
	setb	%r8b
	cmpq	%rcx, %r11
	movq	736(%rsp), %r11
	setb	%bpl
	andb	%r8b, %bpl
	cmpq	160(%rsp), %rdi
	setb	%r8b
	cmpq	%rcx, %r14
	leaq	1024(%r11,%r15), %r14
	setb	%r9b
	andb	%r8b, %r9b
	movq	%r14, 88(%rsp)
	orb	%bpl, %r9b
	orb	%r13b, %r9b
	movq	1520(%rsp), %r13
	leaq	(%r13,%rdx), %r8
	cmpq	%r8, %rdi
	movq	%r8, 96(%rsp)
	leaq	(%r11,%rdx), %r8
	leaq	1024(%r13,%r15), %r11
	movq	440(%rsp), %r15
	movq	160(%rsp), %r13
	setb	%bpl
	cmpq	%rcx, %r8
	movq	%r8, 184(%rsp)
	setb	%r8b
	movq	%r11, 176(%rsp)
	andb	%bpl, %r8b
	cmpq	%r11, %rdi
	setb	%r11b
	cmpq	%rcx, %r14
	movq	432(%rsp), %r14
	setb	%bpl
	andb	%r11b, %bpl
	orb	%r8b, %bpl
	orb	%r9b, %bpl
	cmpq	64(%rsp), %rdi
	setb	%r8b
	cmpq	%rcx, %r15
	setb	%r9b
	andb	%r8b, %r9b
	cmpq	32(%rsp), %rdi
	setb	%r8b
	cmpq	%rcx, 40(%rsp)
	setb	%r11b
	andb	%r8b, %r11b
	orb	%r9b, %r11b
	cmpq	744(%rsp), %rdi
	setb	%r8b
	cmpq	%rcx, 296(%rsp)
	setb	%r9b
	andb	%r8b, %r9b
	orb	%r11b, %r9b
	cmpq	168(%rsp), %rdi
	setb	%r11b
	cmpq	%rcx, %r10
	setb	%r8b
	andb	%r11b, %r8b
	orb	%r9b, %r8b
	orb	%bpl, %r8b
	cmpq	368(%rsp), %rbx
	movq	88(%rsp), %rbp
	setb	%cl
	cmpq	%r12, 208(%rsp)
	setb	%r9b
	andb	%cl, %r9b
	cmpq	448(%rsp), %rbx
	setb	%cl
	cmpq	%r12, 192(%rsp)
	setb	%r11b
	andb	%cl, %r11b
	orb	%r9b, %r11b
	cmpq	%r13, %rbx
	setb	%cl
	cmpq	%r12, %r14
	setb	%r9b
	andb	%cl, %r9b
	orb	%r11b, %r9b
	cmpq	96(%rsp), %rbx
	setb	%cl
	cmpq	%r12, 184(%rsp)
	setb	%r11b
	andb	%cl, %r11b
	orb	%r9b, %r11b
	cmpq	176(%rsp), %rbx
	setb	%r9b
	cmpq	%r12, %rbp
	setb	%cl
	andb	%r9b, %cl
	orb	%r11b, %cl
	orb	%r8b, %cl
	cmpq	64(%rsp), %rbx
	setb	%r8b
	cmpq	%r12, %r15
	setb	%r9b
	andb	%r8b, %r9b
	cmpq	32(%rsp), %rbx
	setb	%r8b
	cmpq	%r12, 40(%rsp)
	setb	%r11b
	andb	%r8b, %r11b
	orb	%r9b, %r11b
	cmpq	744(%rsp), %rbx
	setb	%r8b
	cmpq	%r12, 296(%rsp)
	setb	%r9b
	andb	%r8b, %r9b
	orb	%r11b, %r9b
	cmpq	168(%rsp), %rbx
	setb	%r8b
	cmpq	%r12, %r10
	setb	%r11b
	andb	%r8b, %r11b
	orb	%r9b, %r11b
	movq	208(%rsp), %r9
	orb	143(%rsp), %r11b
	cmpq	%r13, %r9
	movq	368(%rsp), %r13
	setb	%r8b
	cmpq	%r13, %r14
	setb	%r12b
	andb	%r8b, %r12b
	orb	%r11b, %r12b
	movq	%r13, %r11
	orb	%cl, %r12b
	cmpq	96(%rsp), %r9
	setb	%cl
	cmpq	%r13, 184(%rsp)
	setb	%r8b
	andb	%cl, %r8b
	cmpq	176(%rsp), %r9
	movq	%r9, %rcx
	setb	%r13b
	cmpq	%r11, %rbp
	setb	%r9b
	andb	%r13b, %r9b
	movq	64(%rsp), %r13
	orb	%r8b, %r9b
	cmpq	%r13, %rcx
	setb	%bpl
	cmpq	%r11, %r15
	setb	%r8b
	andb	%bpl, %r8b
	orb	%r9b, %r8b
	cmpq	32(%rsp), %rcx
	setb	%bpl
	cmpq	%r11, 40(%rsp)
	setb	%r9b
	andb	%bpl, %r9b
	movq	168(%rsp), %rbp
	orb	%r8b, %r9b
	orb	142(%rsp), %r9b
	cmpq	%rbp, %rcx
	setb	%r8b
	cmpq	%r11, %r10
	setb	%cl
	andb	%r8b, %cl
	movq	160(%rsp), %r8
	orb	%r9b, %cl
	orb	%r12b, %cl
	movq	448(%rsp), %r12
	cmpq	%r8, 192(%rsp)
	setb	%r8b
	cmpq	%r12, %r14
	setb	%r9b
	andb	%r8b, %r9b
	movq	96(%rsp), %r8
	cmpq	%r8, 192(%rsp)
	setb	%r8b
	cmpq	%r12, 184(%rsp)
	setb	%r11b
	andb	%r8b, %r11b
	movq	176(%rsp), %r8
	orb	%r9b, %r11b
	cmpq	%r8, 192(%rsp)
	setb	%r8b
	cmpq	%r12, 88(%rsp)
	setb	%r9b
	andb	%r8b, %r9b
	orb	%r11b, %r9b
	cmpq	%r13, 192(%rsp)
	setb	%r8b
	cmpq	%r12, %r15
	setb	%r11b
	andb	%r8b, %r11b
	movq	32(%rsp), %r8
	orb	%r9b, %r11b
	cmpq	%r8, 192(%rsp)
	setb	%r8b
	cmpq	%r12, 40(%rsp)
	setb	%r9b
	andb	%r8b, %r9b
	orb	%r11b, %r9b
	orb	141(%rsp), %r9b
	movq	192(%rsp), %r11
	orb	%cl, %r9b
	cmpq	%rbp, %r11
	setb	%cl
	cmpq	%r12, %r10
	setb	%r8b
	testb	$1, %r9b
	jne	.LBB0_201
	andb	%r8b, %cl
	jne	.LBB0_201
	movq	224(%rsp), %rbp
	movq	904(%rsp), %rcx
	movq	152(%rsp), %r12
	movq	296(%rsp), %r8
	movq	712(%rsp), %r9
	shlq	$10, %rsi
	vbroadcastss	%xmm0, %ymm4
	vbroadcastss	%xmm1, %ymm1
	vbroadcastss	%xmm3, %ymm3
	vbroadcastss	%xmm2, %ymm2
	vxorps	%xmm7, %xmm7, %xmm7
	vxorps	%xmm5, %xmm5, %xmm5
	vxorps	%xmm6, %xmm6, %xmm6
	vxorps	%xmm0, %xmm0, %xmm0
	addq	%rbp, %rax
	addq	%r12, %rsi
	addq	%rcx, %rdx
	shlq	$10, %rax
	addq	%rcx, %rax
	xorl	%ecx, %ecx
	.p2align	4
.LBB0_199:
	vmovups	(%r14,%rcx), %ymm8
	vmovups	(%r11,%rcx), %ymm9
	vmovups	(%r15,%rcx), %ymm10
	vfmadd231ps	-512(%rax,%rcx), %ymm8, %ymm5
	vfmadd231ps	(%rax,%rcx), %ymm8, %ymm7
	vfmadd231ps	%ymm3, %ymm8, %ymm9
	vfmadd213ps	512(%r11,%rcx), %ymm1, %ymm8
	vfmadd231ps	%ymm9, %ymm10, %ymm0
	vfmadd231ps	%ymm10, %ymm8, %ymm6
	vmovups	(%rdi,%rcx), %ymm10
	vfmadd231ps	%ymm2, %ymm9, %ymm10
	vfmadd231ps	%ymm4, %ymm8, %ymm10
	vmovups	%ymm10, (%rdi,%rcx)
	vmulps	-512(%rsi,%rcx), %ymm9, %ymm9
	vmulps	(%rsi,%rcx), %ymm8, %ymm8
	vmovups	(%r8,%rcx), %ymm12
	vmulps	-512(%rdx,%rcx), %ymm9, %ymm10
	vmulps	(%rdx,%rcx), %ymm8, %ymm11
	vfmadd213ps	(%rbx,%rcx), %ymm10, %ymm12
	vfmadd231ps	512(%r8,%rcx), %ymm11, %ymm12
	vmovups	%ymm12, (%rbx,%rcx)
	vmovups	(%r10,%rcx), %ymm12
	vfmadd213ps	-512(%r9,%rcx), %ymm12, %ymm10
	vmovups	%ymm10, -512(%r9,%rcx)
	vfmadd213ps	(%r9,%rcx), %ymm12, %ymm11
	vmovups	%ymm11, (%r9,%rcx)
	vmovups	%ymm9, (%r11,%rcx)
	vmovups	%ymm8, 512(%r11,%rcx)
	addq	$32, %rcx
	cmpq	$512, %rcx
	jne	.LBB0_199
	vextractf128	$1, %ymm7, %xmm1
	movq	1632(%rsp), %r13
	vaddps	%xmm1, %xmm7, %xmm1
	vshufpd	$1, %xmm1, %xmm1, %xmm2
	vaddps	%xmm2, %xmm1, %xmm1
	vmovshdup	%xmm1, %xmm2
	vaddss	%xmm2, %xmm1, %xmm4
	vextractf128	$1, %ymm5, %xmm1
	vaddps	%xmm1, %xmm5, %xmm1
	vshufpd	$1, %xmm1, %xmm1, %xmm2
	vaddps	%xmm2, %xmm1, %xmm1
	vmovshdup	%xmm1, %xmm2
	vaddss	%xmm2, %xmm1, %xmm5
	vextractf128	$1, %ymm6, %xmm1
	vaddps	%xmm1, %xmm6, %xmm1
	vshufpd	$1, %xmm1, %xmm1, %xmm2
	vaddps	%xmm2, %xmm1, %xmm1
	vmovshdup	%xmm1, %xmm2
	vaddss	%xmm2, %xmm1, %xmm6
	vextractf128	$1, %ymm0, %xmm1
	vaddps	%xmm1, %xmm0, %xmm0
	vshufpd	$1, %xmm0, %xmm0, %xmm1
	vaddps	%xmm1, %xmm0, %xmm0
	vmovshdup	%xmm0, %xmm1
	vaddss	%xmm1, %xmm0, %xmm7
	jmp	.LBB0_203
	.p2align	4
.LBB0_201:
	movq	224(%rsp), %rbp
	movq	904(%rsp), %rcx
	movq	152(%rsp), %r12
	movq	1632(%rsp), %r13
	movq	296(%rsp), %r8
	movq	712(%rsp), %r9
	shlq	$10, %rsi
	vxorps	%xmm4, %xmm4, %xmm4
	vxorps	%xmm5, %xmm5, %xmm5
	vxorps	%xmm6, %xmm6, %xmm6
	vxorps	%xmm7, %xmm7, %xmm7
	addq	%rbp, %rax
	addq	%rcx, %rdx
	addq	%r12, %rsi
	shlq	$10, %rax
	addq	%rcx, %rax
	xorl	%ecx, %ecx
	.p2align	4
.LBB0_202:
	vmovss	(%r14,%rcx), %xmm8
	vmovss	(%r11,%rcx), %xmm9
	vmovss	(%r15,%rcx), %xmm10
	vfmadd231ss	-512(%rax,%rcx), %xmm8, %xmm5
	vfmadd231ss	(%rax,%rcx), %xmm8, %xmm4
	vfmadd231ss	%xmm3, %xmm8, %xmm9
	vfmadd213ss	512(%r11,%rcx), %xmm1, %xmm8
	vfmadd231ss	%xmm9, %xmm10, %xmm7
	vfmadd231ss	%xmm10, %xmm8, %xmm6
	vmovss	(%rdi,%rcx), %xmm10
	vfmadd231ss	%xmm2, %xmm9, %xmm10
	vfmadd231ss	%xmm0, %xmm8, %xmm10
	vmovss	%xmm10, (%rdi,%rcx)
	vmulss	-512(%rsi,%rcx), %xmm9, %xmm9
	vmulss	(%rsi,%rcx), %xmm8, %xmm8
	vmovss	(%r8,%rcx), %xmm12
	vmulss	-512(%rdx,%rcx), %xmm9, %xmm10
	vmulss	(%rdx,%rcx), %xmm8, %xmm11
	vfmadd213ss	(%rbx,%rcx), %xmm10, %xmm12
	vfmadd231ss	512(%r8,%rcx), %xmm11, %xmm12
	vmovss	%xmm12, (%rbx,%rcx)
	vmovss	(%r10,%rcx), %xmm12
	vfmadd213ss	-512(%r9,%rcx), %xmm10, %xmm12
	vmovss	%xmm12, -512(%r9,%rcx)
	vmovss	(%r10,%rcx), %xmm10
	vfmadd213ss	(%r9,%rcx), %xmm11, %xmm10
	vmovss	%xmm10, (%r9,%rcx)
	vmovss	%xmm9, (%r11,%rcx)
	vmovss	%xmm8, 512(%r11,%rcx)
	addq	$4, %rcx
	cmpq	$512, %rcx
	jne	.LBB0_202
.LBB0_203:
	movq	216(%rsp), %rsi
	movq	688(%rsp), %rcx
	movq	288(%rsp), %rdx
	movq	352(%rsp), %r15
	movq	%rsi, %rax
	addq	%rdx, %rcx
	andq	2544(%rsp), %rax
	andq	2648(%rsp), %rsi
	addq	704(%rsp), %rdx
	addq	%rcx, %rax
	addq	%rsi, %rdx
	imulq	2552(%rsp), %rax
	imulq	2656(%rsp), %rdx
	movq	416(%rsp), %rcx
	movq	720(%rsp), %rsi
	vmovss	%xmm7, (%rcx,%rax,4)
	vmovss	%xmm5, (%rsi,%rdx,4)
	cmpq	1864(%rsp), %r15
	jge	.LBB0_191
	movq	664(%rsp), %rcx
	vmovss	%xmm6, (%rcx,%rax,4)
	movq	656(%rsp), %rcx
	vmovss	%xmm4, (%rcx,%rdx,4)
	jmp	.LBB0_191
	.p2align	4
.LBB0_205:
	movq	264(%rsp), %rcx
	movq	336(%rsp), %rdx
	jmp	.LBB0_207
	.p2align	4
.LBB0_206:
	vmovss	308(%rsp), %xmm13
	vmovss	236(%rsp), %xmm14
	vmovss	232(%rsp), %xmm15
	vmovss	260(%rsp), %xmm7
	vmovss	256(%rsp), %xmm8
	vmovss	252(%rsp), %xmm9
	vmovss	248(%rsp), %xmm10
	vmovss	244(%rsp), %xmm11
	vmovss	240(%rsp), %xmm12
	vmovss	204(%rsp), %xmm5
	movq	336(%rsp), %rdx
	movq	264(%rsp), %rcx
	movq	712(%rsp), %r9
	movq	%rdx, %r15
	orq	$1, %r15
.LBB0_207:
	movq	648(%rsp), %rdi
	movq	384(%rsp), %rsi
	movq	1456(%rsp), %r12
	shlq	$9, %rdi
	cmpq	$-1, %rdx
	movl	$0, %edx
	cmovlq	%rcx, %rdx
	leaq	(%rsi,%rdi), %rax
	addq	%r12, %rdi
	addq	%rdx, %r15
	shlq	$9, %r15
	leaq	(%rsi,%r15), %rcx
	addq	%r12, %r15
	movq	208(%rsp), %rsi
	movq	%r9, %r12
	cmpq	%r15, %rax
	setb	%r14b
	cmpq	%rdi, %rcx
	setb	%r11b
	cmpq	%r9, %rax
	movq	368(%rsp), %r9
	setb	%r10b
	cmpq	%rdi, %rsi
	setb	%bpl
	cmpq	%r9, %rax
	setb	%r8b
	cmpq	%rdi, %r12
	setb	%bl
	cmpq	%r12, %rcx
	setb	%dil
	cmpq	%r15, %rsi
	setb	40(%rsp)
	cmpq	%r9, %rcx
	setb	%sil
	cmpq	%r15, %r12
	setb	%r9b
	testb	%r11b, %r14b
	jne	.LBB0_212
	andb	%bpl, %r10b
	jne	.LBB0_212
	andb	%bl, %r8b
	jne	.LBB0_212
	andb	40(%rsp), %dil
	jne	.LBB0_212
	andb	%r9b, %sil
	je	.LBB0_166
.LBB0_212:
	movq	640(%rsp), %r10
	movq	520(%rsp), %rdi
	movq	528(%rsp), %rsi
	movq	208(%rsp), %rcx
	movq	512(%rsp), %r8
	movq	504(%rsp), %r9
	shlq	$9, %rdx
	xorl	%eax, %eax
	shlq	$9, %r10
	addq	%rsi, %rdx
	addq	%rdi, %r10
	.p2align	4
.LBB0_213:
	vmovss	(%rcx,%rax,4), %xmm0
	vaddss	(%r10,%rax,4), %xmm0, %xmm0
	vmovss	%xmm0, (%r10,%rax,4)
	vmovss	512(%rcx,%rax,4), %xmm0
	vaddss	-28(%rdx,%rax,4), %xmm0, %xmm0
	vmovss	%xmm0, -28(%rdx,%rax,4)
	vmovss	4(%rcx,%rax,4), %xmm0
	vaddss	4(%r10,%rax,4), %xmm0, %xmm0
	vmovss	%xmm0, 4(%r10,%rax,4)
	vmovss	516(%rcx,%rax,4), %xmm0
	vaddss	-24(%rdx,%rax,4), %xmm0, %xmm0
	vmovss	%xmm0, -24(%rdx,%rax,4)
	vmovss	8(%rcx,%rax,4), %xmm0
	vaddss	8(%r10,%rax,4), %xmm0, %xmm0
	vmovss	%xmm0, 8(%r10,%rax,4)
	vmovss	520(%rcx,%rax,4), %xmm0
	vaddss	-20(%rdx,%rax,4), %xmm0, %xmm0
	vmovss	%xmm0, -20(%rdx,%rax,4)
	vmovss	12(%rcx,%rax,4), %xmm0
	vaddss	12(%r10,%rax,4), %xmm0, %xmm0
	vmovss	%xmm0, 12(%r10,%rax,4)
	vmovss	524(%rcx,%rax,4), %xmm0
	vaddss	-16(%rdx,%rax,4), %xmm0, %xmm0
	vmovss	%xmm0, -16(%rdx,%rax,4)
	vmovss	16(%rcx,%rax,4), %xmm0
	vaddss	16(%r10,%rax,4), %xmm0, %xmm0
	vmovss	%xmm0, 16(%r10,%rax,4)
	vmovss	528(%rcx,%rax,4), %xmm0
	vaddss	-12(%rdx,%rax,4), %xmm0, %xmm0
	vmovss	%xmm0, -12(%rdx,%rax,4)
	vmovss	20(%rcx,%rax,4), %xmm0
	vaddss	20(%r10,%rax,4), %xmm0, %xmm0
	vmovss	%xmm0, 20(%r10,%rax,4)
	vmovss	532(%rcx,%rax,4), %xmm0
	vaddss	-8(%rdx,%rax,4), %xmm0, %xmm0
	vmovss	%xmm0, -8(%rdx,%rax,4)
	vmovss	24(%rcx,%rax,4), %xmm0
	vaddss	24(%r10,%rax,4), %xmm0, %xmm0
	vmovss	%xmm0, 24(%r10,%rax,4)
	vmovss	536(%rcx,%rax,4), %xmm0
	vaddss	-4(%rdx,%rax,4), %xmm0, %xmm0
	vmovss	%xmm0, -4(%rdx,%rax,4)
	vmovss	28(%rcx,%rax,4), %xmm0
	vaddss	28(%r10,%rax,4), %xmm0, %xmm0
	vmovss	%xmm0, 28(%r10,%rax,4)
	vmovss	540(%rcx,%rax,4), %xmm0
	vaddss	(%rdx,%rax,4), %xmm0, %xmm0
	vmovss	%xmm0, (%rdx,%rax,4)
	addq	$8, %rax
	cmpq	$128, %rax
	jne	.LBB0_213
	jmp	.LBB0_167
.LBB0_214:
	xorl	%ebx, %ebx
	movq	392(%rsp), %rdi
	movq	296(%rsp), %r14
	cmpq	%rcx, %r12
	jl	.LBB0_180
.LBB0_215:
	movq	%rcx, %rbx
	jmp	.LBB0_180
.LBB0_216:
	xorl	%r15d, %r15d
	movq	%rsi, 640(%rsp)
	cmpq	%rcx, %rax
	jl	.LBB0_182
.LBB0_217:
	movq	%rcx, %r15
	jmp	.LBB0_182
.LBB0_218:
	movl	$128, %ecx
	movl	$2, %r8d
	movl	$128, %r9d
	leaq	24(%rsp), %rdi
	leaq	936(%rsp), %rsi
	movabsq	$_ZN5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB3v56B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE8UniTupleIxLi2EE, %rax
	movq	%r13, %rdx
	callq	*%rax
	testl	%eax, %eax
	je	.LBB0_183
	jmp	.LBB0_340
.LBB0_219:
	movabsq	$NRT_Allocate, %rax
	callq	*%rax
	testq	%rax, %rax
	je	.LBB0_345
	testq	%r15, %r15
	jle	.LBB0_227
	addq	568(%rsp), %rbx
	movq	%rax, %rcx
	subq	%r13, %rcx
	leaq	60(%rax), %rdx
	xorl	%esi, %esi
	jmp	.LBB0_224
	.p2align	4
.LBB0_222:
	movq	%rsi, %rdi
	shlq	$7, %rdi
	vmovups	(%r13,%rdi,4), %ymm0
	vmovups	32(%r13,%rdi,4), %ymm1
	vmovups	64(%r13,%rdi,4), %ymm2
	vmovups	96(%r13,%rdi,4), %ymm3
	vmovups	%ymm0, (%rax,%rdi,4)
	vmovups	%ymm1, 32(%rax,%rdi,4)
	vmovups	%ymm2, 64(%rax,%rdi,4)
	vmovups	%ymm3, 96(%rax,%rdi,4)
	vmovups	128(%r13,%rdi,4), %ymm0
	vmovups	160(%r13,%rdi,4), %ymm1
	vmovups	192(%r13,%rdi,4), %ymm2
	vmovups	224(%r13,%rdi,4), %ymm3
	vmovups	%ymm0, 128(%rax,%rdi,4)
	vmovups	%ymm1, 160(%rax,%rdi,4)
	vmovups	%ymm2, 192(%rax,%rdi,4)
	vmovups	%ymm3, 224(%rax,%rdi,4)
	vmovups	256(%r13,%rdi,4), %ymm0
	vmovups	288(%r13,%rdi,4), %ymm1
	vmovups	320(%r13,%rdi,4), %ymm2
	vmovups	352(%r13,%rdi,4), %ymm3
	vmovups	%ymm0, 256(%rax,%rdi,4)
	vmovups	%ymm1, 288(%rax,%rdi,4)
	vmovups	%ymm2, 320(%rax,%rdi,4)
	vmovups	%ymm3, 352(%rax,%rdi,4)
	vmovups	384(%r13,%rdi,4), %ymm0
	vmovups	416(%r13,%rdi,4), %ymm1
	vmovups	448(%r13,%rdi,4), %ymm2
	vmovups	480(%r13,%rdi,4), %ymm3
	vmovups	%ymm0, 384(%rax,%rdi,4)
	vmovups	%ymm1, 416(%rax,%rdi,4)
	vmovups	%ymm2, 448(%rax,%rdi,4)
	vmovups	%ymm3, 480(%rax,%rdi,4)
.LBB0_223:
	incq	%rsi
	addq	$512, %rdx
	addq	$512, %rbx
	cmpq	%r15, %rsi
	je	.LBB0_227
.LBB0_224:
	cmpq	$127, %rcx
	ja	.LBB0_222
	xorl	%edi, %edi
	.p2align	4
.LBB0_226:
	vmovss	-60(%rbx,%rdi,4), %xmm0
	vmovss	%xmm0, -60(%rdx,%rdi,4)
	vmovss	-56(%rbx,%rdi,4), %xmm0
	vmovss	%xmm0, -56(%rdx,%rdi,4)
	vmovss	-52(%rbx,%rdi,4), %xmm0
	vmovss	%xmm0, -52(%rdx,%rdi,4)
	vmovss	-48(%rbx,%rdi,4), %xmm0
	vmovss	%xmm0, -48(%rdx,%rdi,4)
	vmovss	-44(%rbx,%rdi,4), %xmm0
	vmovss	%xmm0, -44(%rdx,%rdi,4)
	vmovss	-40(%rbx,%rdi,4), %xmm0
	vmovss	%xmm0, -40(%rdx,%rdi,4)
	vmovss	-36(%rbx,%rdi,4), %xmm0
	vmovss	%xmm0, -36(%rdx,%rdi,4)
	vmovss	-32(%rbx,%rdi,4), %xmm0
	vmovss	%xmm0, -32(%rdx,%rdi,4)
	vmovss	-28(%rbx,%rdi,4), %xmm0
	vmovss	%xmm0, -28(%rdx,%rdi,4)
	vmovss	-24(%rbx,%rdi,4), %xmm0
	vmovss	%xmm0, -24(%rdx,%rdi,4)
	vmovss	-20(%rbx,%rdi,4), %xmm0
	vmovss	%xmm0, -20(%rdx,%rdi,4)
	vmovss	-16(%rbx,%rdi,4), %xmm0
	vmovss	%xmm0, -16(%rdx,%rdi,4)
	vmovss	-12(%rbx,%rdi,4), %xmm0
	vmovss	%xmm0, -12(%rdx,%rdi,4)
	vmovss	-8(%rbx,%rdi,4), %xmm0
	vmovss	%xmm0, -8(%rdx,%rdi,4)
	vmovss	-4(%rbx,%rdi,4), %xmm0
	vmovss	%xmm0, -4(%rdx,%rdi,4)
	vmovss	(%rbx,%rdi,4), %xmm0
	vmovss	%xmm0, (%rdx,%rdi,4)
	addq	$16, %rdi
	cmpq	$128, %rdi
	jne	.LBB0_226
	jmp	.LBB0_223
.LBB0_227:
	movq	%r14, %rcx
	subq	%rax, %rcx
	cmpq	$127, %rcx
	jbe	.LBB0_236
	vmovups	(%rax), %ymm0
	vmovups	32(%rax), %ymm1
	vmovups	64(%rax), %ymm2
	vmovups	96(%rax), %ymm3
	movq	1632(%rsp), %r13
	vmovups	%ymm0, (%r14)
	vmovups	%ymm1, 32(%r14)
	vmovups	%ymm2, 64(%r14)
	vmovups	%ymm3, 96(%r14)
	vmovups	128(%rax), %ymm0
	vmovups	160(%rax), %ymm1
	vmovups	192(%rax), %ymm2
	vmovups	224(%rax), %ymm3
	vmovups	%ymm0, 128(%r14)
	vmovups	%ymm1, 160(%r14)
	vmovups	%ymm2, 192(%r14)
	vmovups	%ymm3, 224(%r14)
	vmovups	256(%rax), %ymm0
	vmovups	288(%rax), %ymm1
	vmovups	320(%rax), %ymm2
	vmovups	352(%rax), %ymm3
	vmovups	%ymm0, 256(%r14)
	vmovups	%ymm1, 288(%r14)
	vmovups	%ymm2, 320(%r14)
	vmovups	%ymm3, 352(%r14)
	vmovups	384(%rax), %ymm0
	vmovups	416(%rax), %ymm1
	vmovups	448(%rax), %ymm2
	vmovups	480(%rax), %ymm3
	vmovups	%ymm0, 384(%r14)
	vmovups	%ymm1, 416(%r14)
	vmovups	%ymm2, 448(%r14)
	vmovups	%ymm3, 480(%r14)
.LBB0_229:
	movq	888(%rsp), %rsi
	xorl	%ecx, %ecx
	cmpq	$1, %r15
	setne	%cl
	shll	$9, %ecx
	subq	%rcx, %rsi
	subq	%rax, %rsi
	cmpq	$127, %rsi
	jbe	.LBB0_238
	vmovups	(%rax,%rcx), %ymm0
	vmovups	32(%rax,%rcx), %ymm1
	vmovups	64(%rax,%rcx), %ymm2
	vmovups	96(%rax,%rcx), %ymm3
	vmovups	%ymm0, 512(%r14)
	vmovups	%ymm1, 544(%r14)
	vmovups	%ymm2, 576(%r14)
	vmovups	%ymm3, 608(%r14)
	vmovups	128(%rax,%rcx), %ymm0
	vmovups	160(%rax,%rcx), %ymm1
	vmovups	192(%rax,%rcx), %ymm2
	vmovups	224(%rax,%rcx), %ymm3
	vmovups	%ymm0, 640(%r14)
	vmovups	%ymm1, 672(%r14)
	vmovups	%ymm2, 704(%r14)
	vmovups	%ymm3, 736(%r14)
	vmovups	256(%rax,%rcx), %ymm0
	vmovups	288(%rax,%rcx), %ymm1
	vmovups	320(%rax,%rcx), %ymm2
	vmovups	352(%rax,%rcx), %ymm3
	vmovups	%ymm0, 768(%r14)
	vmovups	%ymm1, 800(%r14)
	vmovups	%ymm2, 832(%r14)
	vmovups	%ymm3, 864(%r14)
	vmovups	384(%rax,%rcx), %ymm0
	vmovups	416(%rax,%rcx), %ymm1
	vmovups	448(%rax,%rcx), %ymm2
	vmovups	480(%rax,%rcx), %ymm3
	vmovups	%ymm0, 896(%r14)
	vmovups	%ymm1, 928(%r14)
	vmovups	%ymm2, 960(%r14)
	vmovups	%ymm3, 992(%r14)
.LBB0_231:
	movabsq	$NRT_Free, %rbx
	movq	%rax, %rdi
	vzeroupper
	callq	*%rbx
	movq	392(%rsp), %rdi
	movabsq	$NRT_decref, %rdx
	jmp	.LBB0_189
.LBB0_232:
	movq	568(%rsp), %rdx
	movq	392(%rsp), %rdi
	xorl	%esi, %esi
	addq	%rbx, %rdx
.LBB0_233:
	vmovss	-60(%rdx,%rsi,4), %xmm0
	vmovss	%xmm0, (%r14,%rsi,4)
	vmovss	-56(%rdx,%rsi,4), %xmm0
	vmovss	%xmm0, 4(%r14,%rsi,4)
	vmovss	-52(%rdx,%rsi,4), %xmm0
	vmovss	%xmm0, 8(%r14,%rsi,4)
	vmovss	-48(%rdx,%rsi,4), %xmm0
	vmovss	%xmm0, 12(%r14,%rsi,4)
	vmovss	-44(%rdx,%rsi,4), %xmm0
	vmovss	%xmm0, 16(%r14,%rsi,4)
	vmovss	-40(%rdx,%rsi,4), %xmm0
	vmovss	%xmm0, 20(%r14,%rsi,4)
	vmovss	-36(%rdx,%rsi,4), %xmm0
	vmovss	%xmm0, 24(%r14,%rsi,4)
	vmovss	-32(%rdx,%rsi,4), %xmm0
	vmovss	%xmm0, 28(%r14,%rsi,4)
	vmovss	-28(%rdx,%rsi,4), %xmm0
	vmovss	%xmm0, 32(%r14,%rsi,4)
	vmovss	-24(%rdx,%rsi,4), %xmm0
	vmovss	%xmm0, 36(%r14,%rsi,4)
	vmovss	-20(%rdx,%rsi,4), %xmm0
	vmovss	%xmm0, 40(%r14,%rsi,4)
	vmovss	-16(%rdx,%rsi,4), %xmm0
	vmovss	%xmm0, 44(%r14,%rsi,4)
	vmovss	-12(%rdx,%rsi,4), %xmm0
	vmovss	%xmm0, 48(%r14,%rsi,4)
	vmovss	-8(%rdx,%rsi,4), %xmm0
	vmovss	%xmm0, 52(%r14,%rsi,4)
	vmovss	-4(%rdx,%rsi,4), %xmm0
	vmovss	%xmm0, 56(%r14,%rsi,4)
	vmovss	(%rdx,%rsi,4), %xmm0
	vmovss	%xmm0, 60(%r14,%rsi,4)
	addq	$16, %rsi
	cmpq	$128, %rsi
	jne	.LBB0_233
	jmp	.LBB0_187
.LBB0_234:
	addq	%rbx, %rax
	addq	568(%rsp), %rax
	movq	1632(%rsp), %r13
	movabsq	$NRT_decref, %rdx
	xorl	%ecx, %ecx
.LBB0_235:
	vmovss	-60(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 512(%r14,%rcx,4)
	vmovss	-56(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 516(%r14,%rcx,4)
	vmovss	-52(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 520(%r14,%rcx,4)
	vmovss	-48(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 524(%r14,%rcx,4)
	vmovss	-44(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 528(%r14,%rcx,4)
	vmovss	-40(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 532(%r14,%rcx,4)
	vmovss	-36(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 536(%r14,%rcx,4)
	vmovss	-32(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 540(%r14,%rcx,4)
	vmovss	-28(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 544(%r14,%rcx,4)
	vmovss	-24(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 548(%r14,%rcx,4)
	vmovss	-20(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 552(%r14,%rcx,4)
	vmovss	-16(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 556(%r14,%rcx,4)
	vmovss	-12(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 560(%r14,%rcx,4)
	vmovss	-8(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 564(%r14,%rcx,4)
	vmovss	-4(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 568(%r14,%rcx,4)
	vmovss	(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 572(%r14,%rcx,4)
	addq	$16, %rcx
	cmpq	$128, %rcx
	jne	.LBB0_235
	jmp	.LBB0_189
.LBB0_236:
	movq	1632(%rsp), %r13
	xorl	%ecx, %ecx
.LBB0_237:
	vmovss	(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, (%r14,%rcx,4)
	vmovss	4(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 4(%r14,%rcx,4)
	vmovss	8(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 8(%r14,%rcx,4)
	vmovss	12(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 12(%r14,%rcx,4)
	vmovss	16(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 16(%r14,%rcx,4)
	vmovss	20(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 20(%r14,%rcx,4)
	vmovss	24(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 24(%r14,%rcx,4)
	vmovss	28(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 28(%r14,%rcx,4)
	vmovss	32(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 32(%r14,%rcx,4)
	vmovss	36(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 36(%r14,%rcx,4)
	vmovss	40(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 40(%r14,%rcx,4)
	vmovss	44(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 44(%r14,%rcx,4)
	vmovss	48(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 48(%r14,%rcx,4)
	vmovss	52(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 52(%r14,%rcx,4)
	vmovss	56(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 56(%r14,%rcx,4)
	vmovss	60(%rax,%rcx,4), %xmm0
	vmovss	%xmm0, 60(%r14,%rcx,4)
	addq	$16, %rcx
	cmpq	$128, %rcx
	jne	.LBB0_237
	jmp	.LBB0_229
.LBB0_238:
	leaq	60(%rax,%rcx), %rcx
	xorl	%edx, %edx
.LBB0_239:
	vmovss	-60(%rcx,%rdx,4), %xmm0
	vmovss	%xmm0, 512(%r14,%rdx,4)
	vmovss	-56(%rcx,%rdx,4), %xmm0
	vmovss	%xmm0, 516(%r14,%rdx,4)
	vmovss	-52(%rcx,%rdx,4), %xmm0
	vmovss	%xmm0, 520(%r14,%rdx,4)
	vmovss	-48(%rcx,%rdx,4), %xmm0
	vmovss	%xmm0, 524(%r14,%rdx,4)
	vmovss	-44(%rcx,%rdx,4), %xmm0
	vmovss	%xmm0, 528(%r14,%rdx,4)
	vmovss	-40(%rcx,%rdx,4), %xmm0
	vmovss	%xmm0, 532(%r14,%rdx,4)
	vmovss	-36(%rcx,%rdx,4), %xmm0
	vmovss	%xmm0, 536(%r14,%rdx,4)
	vmovss	-32(%rcx,%rdx,4), %xmm0
	vmovss	%xmm0, 540(%r14,%rdx,4)
	vmovss	-28(%rcx,%rdx,4), %xmm0
	vmovss	%xmm0, 544(%r14,%rdx,4)
	vmovss	-24(%rcx,%rdx,4), %xmm0
	vmovss	%xmm0, 548(%r14,%rdx,4)
	vmovss	-20(%rcx,%rdx,4), %xmm0
	vmovss	%xmm0, 552(%r14,%rdx,4)
	vmovss	-16(%rcx,%rdx,4), %xmm0
	vmovss	%xmm0, 556(%r14,%rdx,4)
	vmovss	-12(%rcx,%rdx,4), %xmm0
	vmovss	%xmm0, 560(%r14,%rdx,4)
	vmovss	-8(%rcx,%rdx,4), %xmm0
	vmovss	%xmm0, 564(%r14,%rdx,4)
	vmovss	-4(%rcx,%rdx,4), %xmm0
	vmovss	%xmm0, 568(%r14,%rdx,4)
	vmovss	(%rcx,%rdx,4), %xmm0
	vmovss	%xmm0, 572(%r14,%rdx,4)
	addq	$16, %rdx
	cmpq	$128, %rdx
	jne	.LBB0_239
	jmp	.LBB0_231
	.p2align	4
.LBB0_240:
	movq	1128(%rsp), %rdi
	movabsq	$NRT_decref, %rbx
	vzeroupper
	callq	*%rbx
	movq	1096(%rsp), %rdi
	callq	*%rbx
	movq	1120(%rsp), %rdi
	callq	*%rbx
	movq	1112(%rsp), %rdi
	callq	*%rbx
	movq	1080(%rsp), %rdi
	callq	*%rbx
	movq	1104(%rsp), %rdi
	callq	*%rbx
	movq	1072(%rsp), %rdi
	callq	*%rbx
	movq	1088(%rsp), %rdi
	callq	*%rbx
	movq	1144(%rsp), %rdi
	callq	*%rbx
	movq	1760(%rsp), %rdi
	callq	*%rbx
	movq	1152(%rsp), %rdi
	callq	*%rbx
	movq	392(%rsp), %rdi
	callq	*%rbx
	movq	2072(%rsp), %rdi
	callq	*%rbx
	movq	784(%rsp), %rdi
	callq	*%rbx
	movq	112(%rsp), %rdx
	shrq	$56, %rdx
	andl	$-128, %edx
	addq	104(%rsp), %rdx
	cmpq	$0, 1864(%rsp)
	movq	%rdx, 112(%rsp)
	jle	.LBB0_287
	movq	464(%rsp), %rax
	movq	792(%rsp), %rsi
	movq	2456(%rsp), %rcx
	movq	456(%rsp), %r15
	movq	584(%rsp), %rdi
	movq	%rax, %r14
	sarq	$63, %r14
	andq	2440(%rsp), %r14
	movq	%rsi, %r12
	sarq	$63, %r12
	andq	%rcx, %r15
	addq	376(%rsp), %r15
	andq	%rcx, %r12
	movq	2424(%rsp), %rcx
	addq	%rsi, %r12
	movq	%r12, 168(%rsp)
	addq	%rax, %r14
	movq	752(%rsp), %rax
	movq	%r15, 176(%rsp)
	movq	%r14, %rsi
	imulq	2464(%rsp), %rsi
	imulq	%r14, %rax
	addq	%rsi, %rcx
	movq	%rsi, 96(%rsp)
	movq	%rcx, 184(%rsp)
	movq	2432(%rsp), %rcx
	leaq	(%rcx,%rax,4), %rax
	movl	$128, %ecx
	movq	%rax, 40(%rsp)
	movq	%rdx, %rax
	sarq	$63, %rax
	andnq	%rdx, %rax, %rax
	movq	384(%rsp), %rdx
	cmpq	$128, %rax
	movq	%rax, 208(%rsp)
	cmovlq	%rax, %rcx
	imulq	968(%rsp), %r14
	xorl	%r13d, %r13d
	leal	(,%rcx,4), %eax
	leaq	-1(%rcx), %rbx
	movq	%rcx, 160(%rsp)
	addq	976(%rsp), %r14
	movq	%rax, 32(%rsp)
	movl	%ecx, %eax
	andl	$252, %ecx
	andl	$224, %eax
	movq	%rdx, 64(%rsp)
	movq	%rcx, 368(%rsp)
	leaq	96(%rdx), %rcx
	movq	%rax, 448(%rsp)
	.p2align	4
.LBB0_242:
	movabsq	$NRT_incref, %rax
	movq	%rcx, 192(%rsp)
	callq	*%rax
	movq	%r15, %rbp
	testq	%r15, %r15
	js	.LBB0_261
	cmpq	2456(%rsp), %r15
	jge	.LBB0_262
.LBB0_244:
	movq	%r12, %r9
	testq	%r12, %r12
	js	.LBB0_263
.LBB0_245:
	cmpq	2456(%rsp), %r12
	jge	.LBB0_264
.LBB0_246:
	movq	%r9, %r12
	subq	%rbp, %r12
	movl	$0, %ecx
	testq	%r12, %r12
	cmovgq	%r12, %rcx
	cmpq	$1, 112(%rsp)
	je	.LBB0_248
	cmpq	%rcx, 160(%rsp)
	jne	.LBB0_260
.LBB0_248:
	movq	184(%rsp), %rdx
	movq	96(%rsp), %rcx
	movq	2432(%rsp), %rdi
	movq	%r13, %r15
	shlq	$9, %r15
	addq	384(%rsp), %r15
	movq	32(%rsp), %rax
	testq	%r12, %r12
	movl	$0, %esi
	cmovleq	%rsi, %rdx
	cmovleq	%rsi, %rcx
	addq	%r15, %rax
	addq	%rdi, %rdx
	addq	%rdi, %rcx
	cmpq	%r15, %rdx
	seta	%dl
	cmpq	%rax, %rcx
	setb	%r8b
	andb	%dl, %r8b
	jne	.LBB0_265
	movq	%rbp, %rcx
	subq	%r9, %rcx
	jge	.LBB0_257
.LBB0_250:
	movl	%r12d, %eax
	andl	$7, %eax
	cmpq	$-8, %rcx
	ja	.LBB0_259
	leaq	(%r14,%rbp,4), %rdx
	andq	$-8, %r12
	xorl	%ecx, %ecx
	.p2align	4
.LBB0_252:
	cmpq	%rbx, %rcx
	movq	%rbx, %rdi
	leaq	7(%rcx), %rsi
	cmovbq	%rcx, %rdi
	vmovss	(%r15,%rdi,4), %xmm0
	leaq	1(%rcx), %rdi
	cmpq	%rbx, %rdi
	cmovaeq	%rbx, %rdi
	vmovss	%xmm0, -16(%rdx,%rcx,4)
	vmovss	(%r15,%rdi,4), %xmm0
	leaq	2(%rcx), %rdi
	cmpq	%rbx, %rdi
	cmovaeq	%rbx, %rdi
	vmovss	%xmm0, -12(%rdx,%rcx,4)
	vmovss	(%r15,%rdi,4), %xmm0
	leaq	3(%rcx), %rdi
	cmpq	%rbx, %rdi
	cmovaeq	%rbx, %rdi
	vmovss	%xmm0, -8(%rdx,%rcx,4)
	vmovss	(%r15,%rdi,4), %xmm0
	leaq	4(%rcx), %rdi
	cmpq	%rbx, %rdi
	cmovaeq	%rbx, %rdi
	vmovss	%xmm0, -4(%rdx,%rcx,4)
	vmovss	(%r15,%rdi,4), %xmm0
	leaq	5(%rcx), %rdi
	cmpq	%rbx, %rdi
	cmovaeq	%rbx, %rdi
	vmovss	%xmm0, (%rdx,%rcx,4)
	vmovss	(%r15,%rdi,4), %xmm0
	leaq	6(%rcx), %rdi
	cmpq	%rbx, %rdi
	cmovaeq	%rbx, %rdi
	cmpq	%rbx, %rsi
	cmovaeq	%rbx, %rsi
	vmovss	%xmm0, 4(%rdx,%rcx,4)
	vmovss	(%r15,%rdi,4), %xmm0
	vmovss	%xmm0, 8(%rdx,%rcx,4)
	vmovss	(%r15,%rsi,4), %xmm0
	vmovss	%xmm0, 12(%rdx,%rcx,4)
	addq	$8, %rcx
	cmpq	%rcx, %r12
	jne	.LBB0_252
	testq	%rax, %rax
	je	.LBB0_257
	addq	%rcx, %rbp
.LBB0_255:
	movq	40(%rsp), %rdx
	xorl	%esi, %esi
	leaq	(%rdx,%rbp,4), %rdx
.LBB0_256:
	leaq	(%rcx,%rsi), %rdi
	cmpq	%rbx, %rdi
	cmovaeq	%rbx, %rdi
	vmovss	(%r15,%rdi,4), %xmm0
	vmovss	%xmm0, (%rdx,%rsi,4)
	incq	%rsi
	cmpq	%rsi, %rax
	jne	.LBB0_256
.LBB0_257:
	testb	%r8b, %r8b
	jne	.LBB0_271
.LBB0_258:
	movq	584(%rsp), %r15
	movabsq	$NRT_decref, %rax
	incq	%r13
	movq	%r15, %rdi
	vzeroupper
	callq	*%rax
	movq	1272(%rsp), %rax
	movq	192(%rsp), %rcx
	movq	%r15, %rdi
	addq	$512, 64(%rsp)
	movq	176(%rsp), %r15
	movq	168(%rsp), %r12
	addq	%rax, 40(%rsp)
	addq	$512, %rcx
	addq	%rax, %r14
	cmpq	%r13, 1864(%rsp)
	jne	.LBB0_242
	jmp	.LBB0_286
.LBB0_259:
	xorl	%ecx, %ecx
	jmp	.LBB0_255
.LBB0_260:
	movq	160(%rsp), %rdx
	leaq	16(%rsp), %rdi
	leaq	928(%rsp), %rsi
	movabsq	$_ZN5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB4v101B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi1EE8UniTupleIxLi1EE, %rax
	movq	%r9, 296(%rsp)
	callq	*%rax
	movq	296(%rsp), %r9
	testl	%eax, %eax
	je	.LBB0_248
	jmp	.LBB0_364
.LBB0_261:
	xorl	%ebp, %ebp
	cmpq	2456(%rsp), %r15
	jl	.LBB0_244
.LBB0_262:
	movq	2456(%rsp), %rbp
	movq	%r12, %r9
	testq	%r12, %r12
	jns	.LBB0_245
.LBB0_263:
	xorl	%r9d, %r9d
	cmpq	2456(%rsp), %r12
	jl	.LBB0_246
.LBB0_264:
	movq	2456(%rsp), %r9
	jmp	.LBB0_246
.LBB0_265:
	movq	32(%rsp), %rdi
	movabsq	$NRT_Allocate, %rax
	movq	%r9, 296(%rsp)
	movb	%r8b, 88(%rsp)
	callq	*%rax
	testq	%rax, %rax
	je	.LBB0_345
	movq	112(%rsp), %rcx
	movq	296(%rsp), %r9
	testq	%rcx, %rcx
	jle	.LBB0_285
	cmpq	$4, %rcx
	jl	.LBB0_272
	movq	160(%rsp), %rdi
	movq	192(%rsp), %rsi
	movq	64(%rsp), %r8
	negq	%r15
	movl	$0, %edx
	addq	%rax, %r15
	cmpq	$128, %r15
	jb	.LBB0_280
	cmpq	$32, 112(%rsp)
	jge	.LBB0_273
	xorl	%ecx, %ecx
	jmp	.LBB0_277
.LBB0_271:
	movabsq	$NRT_Free, %rax
	movq	%r15, %rdi
	vzeroupper
	callq	*%rax
	jmp	.LBB0_258
.LBB0_272:
	movq	160(%rsp), %rdi
	movq	64(%rsp), %r8
	xorl	%edx, %edx
	jmp	.LBB0_280
.LBB0_273:
	movq	448(%rsp), %rdx
	xorl	%ecx, %ecx
	.p2align	4
.LBB0_274:
	vmovups	-96(%rsi,%rcx,4), %ymm0
	vmovups	-64(%rsi,%rcx,4), %ymm1
	vmovups	-32(%rsi,%rcx,4), %ymm2
	vmovups	(%rsi,%rcx,4), %ymm3
	vmovups	%ymm0, (%rax,%rcx,4)
	vmovups	%ymm1, 32(%rax,%rcx,4)
	vmovups	%ymm2, 64(%rax,%rcx,4)
	vmovups	%ymm3, 96(%rax,%rcx,4)
	addq	$32, %rcx
	cmpq	%rcx, %rdx
	jne	.LBB0_274
	cmpq	%rdx, %rdi
	je	.LBB0_285
	movq	%rdx, %rcx
	testb	$28, %dil
	je	.LBB0_280
.LBB0_277:
	movq	368(%rsp), %rdx
	.p2align	4
.LBB0_278:
	vmovups	(%r8,%rcx,4), %xmm0
	vmovups	%xmm0, (%rax,%rcx,4)
	addq	$4, %rcx
	cmpq	%rcx, %rdx
	jne	.LBB0_278
	cmpq	%rdx, %rdi
	je	.LBB0_285
.LBB0_280:
	movl	%edi, %esi
	subl	%edx, %esi
	movq	%rdx, %rcx
	andl	$7, %esi
	je	.LBB0_283
	movq	%rdx, %rcx
	.p2align	4
.LBB0_282:
	vmovss	(%r8,%rcx,4), %xmm0
	vmovss	%xmm0, (%rax,%rcx,4)
	incq	%rcx
	decq	%rsi
	jne	.LBB0_282
.LBB0_283:
	subq	%rdi, %rdx
	cmpq	$-8, %rdx
	ja	.LBB0_285
	.p2align	4
.LBB0_284:
	vmovss	(%r8,%rcx,4), %xmm0
	vmovss	%xmm0, (%rax,%rcx,4)
	vmovss	4(%r8,%rcx,4), %xmm0
	vmovss	%xmm0, 4(%rax,%rcx,4)
	vmovss	8(%r8,%rcx,4), %xmm0
	vmovss	%xmm0, 8(%rax,%rcx,4)
	vmovss	12(%r8,%rcx,4), %xmm0
	vmovss	%xmm0, 12(%rax,%rcx,4)
	vmovss	16(%r8,%rcx,4), %xmm0
	vmovss	%xmm0, 16(%rax,%rcx,4)
	vmovss	20(%r8,%rcx,4), %xmm0
	vmovss	%xmm0, 20(%rax,%rcx,4)
	vmovss	24(%r8,%rcx,4), %xmm0
	vmovss	%xmm0, 24(%rax,%rcx,4)
	vmovss	28(%r8,%rcx,4), %xmm0
	vmovss	%xmm0, 28(%rax,%rcx,4)
	addq	$8, %rcx
	cmpq	%rcx, %rdi
	jne	.LBB0_284
.LBB0_285:
	movzbl	88(%rsp), %r8d
	movq	%rax, %r15
	movq	%rbp, %rcx
	subq	%r9, %rcx
	jl	.LBB0_250
	jmp	.LBB0_257
	.p2align	4
.LBB0_286:
	movq	456(%rsp), %r14
	movq	208(%rsp), %r15
	jmp	.LBB0_288
	.p2align	4
.LBB0_287:
	movq	456(%rsp), %r14
	movq	584(%rsp), %rdi
	movq	%rdx, %rax
	sarq	$63, %rax
	andnq	%rdx, %rax, %r15
.LBB0_288:
	movabsq	$NRT_decref, %rax
	callq	*%rax
	movq	2744(%rsp), %rcx
	cmpq	$128, %r15
	movl	$128, %ebx
	movq	%r15, %r8
	cmovbq	%r15, %rbx
	andq	%rcx, %r14
	addq	376(%rsp), %r14
	movq	%r14, %rax
	js	.LBB0_312
	cmpq	%rcx, %rax
	jge	.LBB0_313
.LBB0_290:
	movq	792(%rsp), %rdx
	movq	%rdx, %rax
	sarq	$63, %rax
	andq	%rcx, %rax
	addq	%rdx, %rax
	movq	%rax, %r13
	js	.LBB0_314
	cmpq	%rcx, %rax
	jge	.LBB0_315
.LBB0_292:
	movq	%r13, %r15
	subq	%r14, %r15
	movl	$0, %ecx
	testq	%r15, %r15
	cmovgq	%r15, %rcx
	cmpq	$1, 112(%rsp)
	je	.LBB0_294
	cmpq	%rcx, %rbx
	jne	.LBB0_311
.LBB0_294:
	movq	464(%rsp), %rax
	movq	2720(%rsp), %rcx
	movq	72(%rsp), %rdi
	movq	2728(%rsp), %r9
	movl	$0, %esi
	movq	%rax, %r12
	sarq	$63, %r12
	andq	2736(%rsp), %r12
	leaq	(%rdi,%rbx,4), %rdx
	addq	%rax, %r12
	movq	%r12, %rax
	imulq	2752(%rsp), %rax
	testq	%r15, %r15
	leaq	(%rax,%rcx), %rcx
	cmovleq	%rsi, %rax
	cmovleq	%rsi, %rcx
	addq	%r9, %rax
	addq	%r9, %rcx
	cmpq	%rdi, %rcx
	seta	%cl
	cmpq	%rdx, %rax
	setb	%bpl
	andb	%cl, %bpl
	jne	.LBB0_316
	movq	%r14, %rcx
	subq	%r13, %rcx
	movabsq	$.LCPI0_0, %r13
	jge	.LBB0_303
.LBB0_296:
	movl	%r15d, %eax
	decq	%rbx
	andl	$7, %eax
	cmpq	$-8, %rcx
	ja	.LBB0_305
	movq	768(%rsp), %rcx
	movq	72(%rsp), %r8
	andq	$-8, %r15
	imulq	%r12, %rcx
	leaq	(%rcx,%r14,4), %rdx
	addq	1016(%rsp), %rdx
	xorl	%ecx, %ecx
	.p2align	4
.LBB0_298:
	cmpq	%rbx, %rcx
	movq	%rbx, %rdi
	leaq	7(%rcx), %rsi
	cmovbq	%rcx, %rdi
	vmovss	(%r8,%rdi,4), %xmm0
	leaq	1(%rcx), %rdi
	cmpq	%rbx, %rdi
	cmovaeq	%rbx, %rdi
	vmovss	%xmm0, -28(%rdx,%rcx,4)
	vmovss	(%r8,%rdi,4), %xmm0
	leaq	2(%rcx), %rdi
	cmpq	%rbx, %rdi
	cmovaeq	%rbx, %rdi
	vmovss	%xmm0, -24(%rdx,%rcx,4)
	vmovss	(%r8,%rdi,4), %xmm0
	leaq	3(%rcx), %rdi
	cmpq	%rbx, %rdi
	cmovaeq	%rbx, %rdi
	vmovss	%xmm0, -20(%rdx,%rcx,4)
	vmovss	(%r8,%rdi,4), %xmm0
	leaq	4(%rcx), %rdi
	cmpq	%rbx, %rdi
	cmovaeq	%rbx, %rdi
	vmovss	%xmm0, -16(%rdx,%rcx,4)
	vmovss	(%r8,%rdi,4), %xmm0
	leaq	5(%rcx), %rdi
	cmpq	%rbx, %rdi
	cmovaeq	%rbx, %rdi
	vmovss	%xmm0, -12(%rdx,%rcx,4)
	vmovss	(%r8,%rdi,4), %xmm0
	leaq	6(%rcx), %rdi
	cmpq	%rbx, %rdi
	cmovaeq	%rbx, %rdi
	cmpq	%rbx, %rsi
	cmovaeq	%rbx, %rsi
	vmovss	%xmm0, -8(%rdx,%rcx,4)
	vmovss	(%r8,%rdi,4), %xmm0
	vmovss	%xmm0, -4(%rdx,%rcx,4)
	vmovss	(%r8,%rsi,4), %xmm0
	vmovss	%xmm0, (%rdx,%rcx,4)
	addq	$8, %rcx
	cmpq	%rcx, %r15
	jne	.LBB0_298
	testq	%rax, %rax
	je	.LBB0_303
	addq	%rcx, %r14
.LBB0_301:
	imulq	768(%rsp), %r12
	xorl	%esi, %esi
	leaq	(%r12,%r14,4), %rdx
	addq	2728(%rsp), %rdx
.LBB0_302:
	movq	72(%rsp), %r8
	leaq	(%rcx,%rsi), %rdi
	cmpq	%rbx, %rdi
	cmovaeq	%rbx, %rdi
	vmovss	(%r8,%rdi,4), %xmm0
	vmovss	%xmm0, (%rdx,%rsi,4)
	incq	%rsi
	cmpq	%rsi, %rax
	jne	.LBB0_302
.LBB0_303:
	testb	%bpl, %bpl
	jne	.LBB0_322
.LBB0_304:
	movq	1160(%rsp), %rbx
	movq	1136(%rsp), %rdi
	movabsq	$NRT_decref, %rax
	incq	%rbx
	vzeroupper
	callq	*%rax
	movq	%rbx, %rax
	movq	1896(%rsp), %rbp
	movq	1032(%rsp), %r8
	cmpq	1056(%rsp), %rbx
	movq	1024(%rsp), %rbx
	jne	.LBB0_2
	jmp	.LBB0_346
.LBB0_305:
	xorl	%ecx, %ecx
	jmp	.LBB0_301
.LBB0_306:
	movq	1760(%rsp), %rdi
	movq	1800(%rsp), %rdx
	movq	$0, 464(%rsp)
	xorl	%ebp, %ebp
	jmp	.LBB0_8
.LBB0_307:
	xorl	%ebx, %ebx
	movq	%r9, 104(%rsp)
	movq	%rcx, 112(%rsp)
	cmpq	%rdx, %rax
	jl	.LBB0_10
.LBB0_308:
	movq	%rdx, %rbx
	jmp	.LBB0_10
.LBB0_309:
	movq	$0, 40(%rsp)
	movq	2072(%rsp), %rdi
	cmpq	%rcx, %rax
	jl	.LBB0_12
.LBB0_310:
	movq	%rcx, 40(%rsp)
	movabsq	$NRT_incref, %rax
	callq	*%rax
	cmpb	$0, 125(%rsp)
	je	.LBB0_13
	jmp	.LBB0_348
.LBB0_311:
	leaq	8(%rsp), %rdi
	leaq	920(%rsp), %rsi
	movabsq	$_ZN5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB4v101B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi1EE8UniTupleIxLi1EE, %rax
	movq	%rbx, %rdx
	movq	%r8, %r12
	callq	*%rax
	movq	%r12, %r8
	testl	%eax, %eax
	je	.LBB0_294
	jmp	.LBB0_365
.LBB0_312:
	xorl	%r14d, %r14d
	cmpq	%rcx, %rax
	jl	.LBB0_290
.LBB0_313:
	movq	%rcx, %r14
	jmp	.LBB0_290
.LBB0_314:
	xorl	%r13d, %r13d
	cmpq	%rcx, %rax
	jl	.LBB0_292
.LBB0_315:
	movq	%rcx, %r13
	jmp	.LBB0_292
.LBB0_316:
	leaq	(,%rbx,4), %rdi
	movabsq	$NRT_Allocate, %rax
	movq	%r8, 208(%rsp)
	callq	*%rax
	testq	%rax, %rax
	je	.LBB0_345
	cmpq	$0, 112(%rsp)
	jle	.LBB0_338
	movq	208(%rsp), %rsi
	cmpq	$4, %rsi
	jb	.LBB0_323
	movq	%rax, %rdx
	subq	72(%rsp), %rdx
	movl	$0, %ecx
	cmpq	$128, %rdx
	jb	.LBB0_333
	cmpq	$32, %rsi
	jae	.LBB0_324
	xorl	%ecx, %ecx
	jmp	.LBB0_330
.LBB0_322:
	movq	72(%rsp), %rdi
	movabsq	$NRT_Free, %rax
	vzeroupper
	callq	*%rax
	jmp	.LBB0_304
.LBB0_323:
	xorl	%ecx, %ecx
	jmp	.LBB0_333
.LBB0_324:
	movq	72(%rsp), %rdx
	movl	%ebx, %ecx
	andl	$224, %ecx
	vmovups	(%rdx), %ymm0
	vmovups	32(%rdx), %ymm1
	vmovups	64(%rdx), %ymm2
	vmovups	96(%rdx), %ymm3
	vmovups	%ymm0, (%rax)
	vmovups	%ymm1, 32(%rax)
	vmovups	%ymm2, 64(%rax)
	vmovups	%ymm3, 96(%rax)
	cmpq	$32, %rcx
	je	.LBB0_328
	vmovups	128(%rdx), %ymm0
	vmovups	160(%rdx), %ymm1
	vmovups	192(%rdx), %ymm2
	vmovups	224(%rdx), %ymm3
	vmovups	%ymm0, 128(%rax)
	vmovups	%ymm1, 160(%rax)
	vmovups	%ymm2, 192(%rax)
	vmovups	%ymm3, 224(%rax)
	cmpl	$64, %ecx
	je	.LBB0_328
	vmovups	256(%rdx), %ymm0
	vmovups	288(%rdx), %ymm1
	vmovups	320(%rdx), %ymm2
	vmovups	352(%rdx), %ymm3
	vmovups	%ymm0, 256(%rax)
	vmovups	%ymm1, 288(%rax)
	vmovups	%ymm2, 320(%rax)
	vmovups	%ymm3, 352(%rax)
	cmpl	$96, %ecx
	je	.LBB0_328
	vmovups	384(%rdx), %ymm0
	vmovups	416(%rdx), %ymm1
	vmovups	448(%rdx), %ymm2
	vmovups	480(%rdx), %ymm3
	vmovups	%ymm0, 384(%rax)
	vmovups	%ymm1, 416(%rax)
	vmovups	%ymm2, 448(%rax)
	vmovups	%ymm3, 480(%rax)
.LBB0_328:
	cmpq	%rcx, %rbx
	je	.LBB0_338
	testb	$28, %bl
	je	.LBB0_333
.LBB0_330:
	movq	72(%rsp), %rsi
	movq	%rcx, %rdx
	movl	%ebx, %ecx
	andl	$252, %ecx
.LBB0_331:
	vmovups	(%rsi,%rdx,4), %xmm0
	vmovups	%xmm0, (%rax,%rdx,4)
	addq	$4, %rdx
	cmpq	%rdx, %rcx
	jne	.LBB0_331
	cmpq	%rcx, %rbx
	je	.LBB0_338
.LBB0_333:
	movq	72(%rsp), %rdi
	movl	%ebx, %esi
	subl	%ecx, %esi
	movq	%rcx, %rdx
	andl	$7, %esi
	je	.LBB0_336
	movq	%rcx, %rdx
.LBB0_335:
	vmovss	(%rdi,%rdx,4), %xmm0
	vmovss	%xmm0, (%rax,%rdx,4)
	incq	%rdx
	decq	%rsi
	jne	.LBB0_335
.LBB0_336:
	subq	%rbx, %rcx
	cmpq	$-8, %rcx
	ja	.LBB0_338
.LBB0_337:
	vmovss	(%rdi,%rdx,4), %xmm0
	vmovss	%xmm0, (%rax,%rdx,4)
	vmovss	4(%rdi,%rdx,4), %xmm0
	vmovss	%xmm0, 4(%rax,%rdx,4)
	vmovss	8(%rdi,%rdx,4), %xmm0
	vmovss	%xmm0, 8(%rax,%rdx,4)
	vmovss	12(%rdi,%rdx,4), %xmm0
	vmovss	%xmm0, 12(%rax,%rdx,4)
	vmovss	16(%rdi,%rdx,4), %xmm0
	vmovss	%xmm0, 16(%rax,%rdx,4)
	vmovss	20(%rdi,%rdx,4), %xmm0
	vmovss	%xmm0, 20(%rax,%rdx,4)
	vmovss	24(%rdi,%rdx,4), %xmm0
	vmovss	%xmm0, 24(%rax,%rdx,4)
	vmovss	28(%rdi,%rdx,4), %xmm0
	vmovss	%xmm0, 28(%rax,%rdx,4)
	addq	$8, %rdx
	cmpq	%rdx, %rbx
	jne	.LBB0_337
.LBB0_338:
	movq	%rax, 72(%rsp)
	movq	%r14, %rcx
	subq	%r13, %rcx
	movabsq	$.LCPI0_0, %r13
	jl	.LBB0_296
	jmp	.LBB0_303
.LBB0_339:
	movabsq	$.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.8, %rax
	movq	$0, 24(%rsp)
	movq	$0, 16(%rsp)
	movq	$0, 8(%rsp)
	jmp	.LBB0_356
.LBB0_340:
	movq	936(%rsp), %rcx
.LBB0_341:
	movq	$0, 24(%rsp)
	movq	$0, 16(%rsp)
	movq	$0, 8(%rsp)
	movq	56(%rsp), %rdx
	movq	%rcx, (%rdx)
	jmp	.LBB0_363
.LBB0_343:
	cmpq	$0, 1632(%rsp)
	movabsq	$.const.picklebuf.331b8563bdb9dac81b38422273052c486fc1706b.30, %rcx
	movabsq	$.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57.29, %rax
	jmp	.LBB0_349
.LBB0_344:
	movq	$0, 24(%rsp)
	movq	$0, 16(%rsp)
	movq	$0, 8(%rsp)
	movabsq	$.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.28, %rax
	jmp	.LBB0_356
.LBB0_345:
	movq	$0, 24(%rsp)
	movq	$0, 16(%rsp)
	movq	$0, 8(%rsp)
	movabsq	$.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209, %rax
	jmp	.LBB0_356
.LBB0_346:
	movq	2696(%rsp), %r12
	movq	952(%rsp), %r13
	movq	2128(%rsp), %rbx
	movq	1672(%rsp), %r14
	movabsq	$NRT_decref, %r15
	movq	$0, 24(%rsp)
	movq	$0, 16(%rsp)
	movq	$0, 8(%rsp)
.LBB0_347:
	movq	%r13, %rdi
	callq	*%r15
	movq	%rbx, %rdi
	callq	*%r15
	movq	2224(%rsp), %rdi
	callq	*%r15
	movq	%r14, %rdi
	callq	*%r15
	movq	2312(%rsp), %rdi
	callq	*%r15
	movq	%r12, %rdi
	callq	*%r15
	movq	2592(%rsp), %rdi
	callq	*%r15
	movq	2488(%rsp), %rdi
	callq	*%r15
	movq	2400(%rsp), %rdi
	callq	*%r15
	movq	1760(%rsp), %rdi
	callq	*%r15
	movq	2072(%rsp), %rdi
	callq	*%r15
	movq	1984(%rsp), %rdi
	callq	*%r15
	movq	%rbp, %rdi
	callq	*%r15
	movq	1824(%rsp), %rdi
	callq	*%r15
	movq	960(%rsp), %rax
	movq	$0, (%rax)
	xorl	%eax, %eax
	jmp	.LBB0_363
.LBB0_348:
	cmpq	$0, 264(%rsp)
	movabsq	$.const.picklebuf.331b8563bdb9dac81b38422273052c486fc1706b, %rcx
	movabsq	$.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57.7, %rax
.LBB0_349:
	movq	$0, 24(%rsp)
	movq	$0, 16(%rsp)
	movq	$0, 8(%rsp)
	cmovsq	%rcx, %rax
.LBB0_356:
	movq	56(%rsp), %rcx
	movq	%rax, (%rcx)
	jmp	.LBB0_362
.LBB0_350:
	movq	56(%rsp), %rcx
	movq	$0, 24(%rsp)
	movq	$0, 16(%rsp)
	movq	$0, 8(%rsp)
	movq	$0, (%rcx)
	jmp	.LBB0_363
.LBB0_351:
	movq	$0, 24(%rsp)
	movq	$0, 16(%rsp)
	movq	$0, 8(%rsp)
	movabsq	$.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57, %rax
	jmp	.LBB0_356
.LBB0_352:
	movq	$0, 24(%rsp)
	movq	$0, 16(%rsp)
	movq	$0, 8(%rsp)
	movabsq	$.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.23, %rax
	jmp	.LBB0_356
.LBB0_353:
	movabsq	$.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57.29, %rcx
	jmp	.LBB0_361
.LBB0_354:
	movabsq	$.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.28, %rcx
	jmp	.LBB0_361
.LBB0_355:
	movq	$0, 24(%rsp)
	movq	$0, 16(%rsp)
	movq	$0, 8(%rsp)
	movabsq	$.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.41, %rax
	jmp	.LBB0_356
.LBB0_357:
	movabsq	$.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57.53, %rcx
	jmp	.LBB0_361
.LBB0_358:
	movabsq	$.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.52, %rcx
	jmp	.LBB0_361
.LBB0_359:
	movabsq	$.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57.64, %rcx
	jmp	.LBB0_361
.LBB0_360:
	movabsq	$.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.65, %rcx
.LBB0_361:
	movq	56(%rsp), %rax
	movq	$0, 24(%rsp)
	movq	$0, 16(%rsp)
	movq	$0, 8(%rsp)
	movq	%rcx, (%rax)
.LBB0_362:
	movl	$1, %eax
.LBB0_363:
	addq	$1560, %rsp
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%r12
	.cfi_def_cfa_offset 40
	popq	%r13
	.cfi_def_cfa_offset 32
	popq	%r14
	.cfi_def_cfa_offset 24
	popq	%r15
	.cfi_def_cfa_offset 16
	popq	%rbp
	.cfi_def_cfa_offset 8
	vzeroupper
	retq
.LBB0_364:
	.cfi_def_cfa_offset 1616
	movq	928(%rsp), %rcx
	jmp	.LBB0_341
.LBB0_365:
	movq	920(%rsp), %rcx
	jmp	.LBB0_341
.Lfunc_end0:
	.size	_ZN4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE, .Lfunc_end0-_ZN4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE
	.cfi_endproc

	.globl	_ZN7cpython4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE
	.p2align	4
	.type	_ZN7cpython4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE,@function
_ZN7cpython4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE:
	.cfi_startproc
	pushq	%rbp
	.cfi_def_cfa_offset 16
	pushq	%r15
	.cfi_def_cfa_offset 24
	pushq	%r14
	.cfi_def_cfa_offset 32
	pushq	%r13
	.cfi_def_cfa_offset 40
	pushq	%r12
	.cfi_def_cfa_offset 48
	pushq	%rbx
	.cfi_def_cfa_offset 56
	subq	$1976, %rsp
	.cfi_def_cfa_offset 2032
	.cfi_offset %rbx, -56
	.cfi_offset %r12, -48
	.cfi_offset %r13, -40
	.cfi_offset %r14, -32
	.cfi_offset %r15, -24
	.cfi_offset %rbp, -16
	leaq	576(%rsp), %rbp
	movq	%rsi, %rdi
	xorl	%ebx, %ebx
	leaq	584(%rsp), %r15
	leaq	592(%rsp), %r14
	leaq	600(%rsp), %r11
	movl	$16, %edx
	movl	$16, %ecx
	leaq	672(%rsp), %r10
	leaq	680(%rsp), %r12
	movabsq	$.const.scan_backward, %rsi
	movabsq	$PyArg_UnpackTuple, %r13
	leaq	696(%rsp), %r8
	leaq	688(%rsp), %r9
	xorl	%eax, %eax
	pushq	%rbp
	.cfi_adjust_cfa_offset 8
	pushq	%r15
	.cfi_adjust_cfa_offset 8
	pushq	%r14
	.cfi_adjust_cfa_offset 8
	pushq	%r11
	.cfi_adjust_cfa_offset 8
	leaq	640(%rsp), %r11
	pushq	%r11
	.cfi_adjust_cfa_offset 8
	leaq	656(%rsp), %r11
	pushq	%r11
	.cfi_adjust_cfa_offset 8
	leaq	672(%rsp), %r11
	pushq	%r11
	.cfi_adjust_cfa_offset 8
	leaq	688(%rsp), %r11
	pushq	%r11
	.cfi_adjust_cfa_offset 8
	leaq	704(%rsp), %r11
	pushq	%r11
	.cfi_adjust_cfa_offset 8
	leaq	720(%rsp), %r11
	pushq	%r11
	.cfi_adjust_cfa_offset 8
	leaq	736(%rsp), %r11
	pushq	%r11
	.cfi_adjust_cfa_offset 8
	leaq	752(%rsp), %r11
	pushq	%r11
	.cfi_adjust_cfa_offset 8
	pushq	%r10
	.cfi_adjust_cfa_offset 8
	pushq	%r12
	.cfi_adjust_cfa_offset 8
	callq	*%r13
	addq	$112, %rsp
	.cfi_adjust_cfa_offset -112
	vxorps	%xmm0, %xmm0, %xmm0
	vmovups	%ymm0, 1744(%rsp)
	vmovups	%ymm0, 1040(%rsp)
	vmovups	%ymm0, 912(%rsp)
	vmovups	%ymm0, 816(%rsp)
	vmovups	%ymm0, 976(%rsp)
	vmovups	%ymm0, 1672(%rsp)
	vmovups	%ymm0, 1576(%rsp)
	vmovups	%ymm0, 1456(%rsp)
	vmovups	%ymm0, 1136(%rsp)
	vmovups	%ymm0, 1712(%rsp)
	vmovups	%ymm0, 1768(%rsp)
	vmovups	%ymm0, 1064(%rsp)
	vmovups	%ymm0, 704(%rsp)
	vmovups	%ymm0, 736(%rsp)
	movq	$0, 768(%rsp)
	vmovups	%ymm0, 880(%rsp)
	vmovups	%ymm0, 936(%rsp)
	vmovups	%ymm0, 784(%rsp)
	vmovups	%ymm0, 840(%rsp)
	vmovups	%ymm0, 1000(%rsp)
	vmovups	%ymm0, 1648(%rsp)
	vmovups	%ymm0, 1616(%rsp)
	vmovups	%ymm0, 1552(%rsp)
	vmovups	%ymm0, 1520(%rsp)
	vmovups	%ymm0, 1424(%rsp)
	vmovups	%ymm0, 1480(%rsp)
	vmovups	%ymm0, 1104(%rsp)
	vmovups	%ymm0, 1160(%rsp)
	vmovups	%ymm0, 1312(%rsp)
	vmovups	%ymm0, 1344(%rsp)
	vmovups	%ymm0, 1376(%rsp)
	movq	$0, 1408(%rsp)
	vmovups	%ymm0, 1200(%rsp)
	vmovups	%ymm0, 1232(%rsp)
	vmovups	%ymm0, 1264(%rsp)
	movq	$0, 1296(%rsp)
	vmovups	%ymm0, 1808(%rsp)
	vmovups	%ymm0, 1840(%rsp)
	movq	$0, 1872(%rsp)
	movq	$0, 568(%rsp)
	movq	$0, 144(%rsp)
	testl	%eax, %eax
	je	.LBB1_34
	movabsq	$_ZN08NumbaEnv4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE, %rax
	cmpq	$0, (%rax)
	je	.LBB1_39
	movq	696(%rsp), %rdi
	movabsq	$NRT_adapt_ndarray_from_python, %rax
	leaq	1888(%rsp), %rsi
	vmovups	%ymm0, 1920(%rsp)
	vmovups	%ymm0, 1888(%rsp)
	vmovups	%ymm0, 1944(%rsp)
	vzeroupper
	callq	*%rax
	cmpq	$4, 1912(%rsp)
	setne	%cl
	testl	%eax, %eax
	setne	%bl
	orb	%cl, %bl
	cmpb	$1, %bl
	je	.LBB1_41
	testb	%bl, %bl
	jne	.LBB1_42
.LBB1_4:
	movq	688(%rsp), %rdi
	movq	1888(%rsp), %r12
	movq	1920(%rsp), %r14
	movq	1928(%rsp), %r15
	movq	1936(%rsp), %rbp
	movq	1944(%rsp), %r13
	leaq	1712(%rsp), %rsi
	movabsq	$NRT_adapt_ndarray_from_python, %rax
	vxorps	%xmm0, %xmm0, %xmm0
	vmovups	%ymm0, 1744(%rsp)
	vmovups	%ymm0, 1712(%rsp)
	vmovups	%ymm0, 1768(%rsp)
	vzeroupper
	callq	*%rax
	cmpq	$4, 1736(%rsp)
	setne	%cl
	testl	%eax, %eax
	setne	%bl
	orb	%cl, %bl
	jne	.LBB1_43
	testb	%bl, %bl
	jne	.LBB1_67
.LBB1_6:
	movq	1752(%rsp), %rax
	movq	1760(%rsp), %rdx
	movq	1768(%rsp), %rcx
	movq	680(%rsp), %rdi
	movq	%r13, 24(%rsp)
	movq	1712(%rsp), %r13
	movq	1744(%rsp), %rbx
	leaq	1040(%rsp), %rsi
	vxorps	%xmm0, %xmm0, %xmm0
	vmovups	%ymm0, 1040(%rsp)
	vmovups	%ymm0, 1064(%rsp)
	movq	%rax, 16(%rsp)
	movabsq	$NRT_adapt_ndarray_from_python, %rax
	movq	%rdx, 560(%rsp)
	movq	%rcx, 552(%rsp)
	vzeroupper
	callq	*%rax
	testl	%eax, %eax
	jne	.LBB1_44
	cmpq	$4, 1064(%rsp)
	jne	.LBB1_44
	movq	1072(%rsp), %rax
	movq	672(%rsp), %rdi
	movq	%rbp, 528(%rsp)
	movq	1040(%rsp), %rbp
	movq	%r15, 536(%rsp)
	movabsq	$PyObject_IsTrue, %r15
	movq	%rbx, 520(%rsp)
	movq	%r14, 544(%rsp)
	movq	%rax, 512(%rsp)
	movq	1080(%rsp), %rax
	movq	%rax, 504(%rsp)
	callq	*%r15
	movabsq	$PyErr_Occurred, %r14
	movl	%eax, 8(%rsp)
	callq	*%r14
	testq	%rax, %rax
	jne	.LBB1_65
	movq	664(%rsp), %rdi
	leaq	704(%rsp), %rsi
	movabsq	$NRT_adapt_ndarray_from_python, %rax
	vxorps	%xmm0, %xmm0, %xmm0
	vmovups	%ymm0, 704(%rsp)
	vmovups	%ymm0, 736(%rsp)
	movq	$0, 768(%rsp)
	vzeroupper
	callq	*%rax
	cmpq	$4, 728(%rsp)
	setne	%cl
	testl	%eax, %eax
	setne	%bl
	orb	%cl, %bl
	cmpb	$1, %bl
	je	.LBB1_45
	testb	%bl, %bl
	jne	.LBB1_65
.LBB1_11:
	movq	712(%rsp), %rcx
	movq	720(%rsp), %rdx
	movq	704(%rsp), %rax
	movq	656(%rsp), %rdi
	leaq	880(%rsp), %rsi
	vxorps	%xmm0, %xmm0, %xmm0
	vmovups	%ymm0, 912(%rsp)
	vmovups	%ymm0, 880(%rsp)
	vmovups	%ymm0, 936(%rsp)
	movq	%rcx, 496(%rsp)
	movq	736(%rsp), %rcx
	movq	%rdx, 488(%rsp)
	movq	744(%rsp), %rdx
	movq	%rax, 136(%rsp)
	movabsq	$NRT_adapt_ndarray_from_python, %rax
	movq	%rcx, 480(%rsp)
	movq	752(%rsp), %rcx
	movq	%rdx, 472(%rsp)
	movq	760(%rsp), %rdx
	movq	%rcx, 464(%rsp)
	movq	768(%rsp), %rcx
	movq	%rdx, 456(%rsp)
	movq	%rcx, 448(%rsp)
	vzeroupper
	callq	*%rax
	cmpq	$4, 904(%rsp)
	setne	%cl
	testl	%eax, %eax
	setne	%bl
	orb	%cl, %bl
	jne	.LBB1_46
	testb	%bl, %bl
	jne	.LBB1_64
.LBB1_13:
	movq	912(%rsp), %rcx
	movq	920(%rsp), %rdx
	movq	880(%rsp), %rax
	movq	648(%rsp), %rdi
	leaq	784(%rsp), %rsi
	vxorps	%xmm0, %xmm0, %xmm0
	vmovups	%ymm0, 816(%rsp)
	vmovups	%ymm0, 784(%rsp)
	vmovups	%ymm0, 840(%rsp)
	movq	%rcx, 440(%rsp)
	movq	928(%rsp), %rcx
	movq	%rdx, 432(%rsp)
	movq	936(%rsp), %rdx
	movq	%rax, 128(%rsp)
	movabsq	$NRT_adapt_ndarray_from_python, %rax
	movq	%rcx, 424(%rsp)
	movq	944(%rsp), %rcx
	movq	%rdx, 416(%rsp)
	movq	952(%rsp), %rdx
	movq	%rcx, 408(%rsp)
	movq	960(%rsp), %rcx
	movq	%rdx, 400(%rsp)
	movq	%rcx, 392(%rsp)
	vzeroupper
	callq	*%rax
	cmpq	$4, 808(%rsp)
	setne	%cl
	testl	%eax, %eax
	setne	%bl
	orb	%cl, %bl
	jne	.LBB1_47
	testb	%bl, %bl
	jne	.LBB1_63
.LBB1_15:
	movq	824(%rsp), %rdx
	movq	832(%rsp), %rcx
	movq	816(%rsp), %rax
	movq	640(%rsp), %rdi
	movq	784(%rsp), %rbx
	leaq	976(%rsp), %rsi
	vxorps	%xmm0, %xmm0, %xmm0
	vmovups	%ymm0, 976(%rsp)
	vmovups	%ymm0, 1000(%rsp)
	movq	%rdx, 376(%rsp)
	movq	%rcx, 368(%rsp)
	movq	840(%rsp), %rdx
	movq	848(%rsp), %rcx
	movq	%rax, 384(%rsp)
	movabsq	$NRT_adapt_ndarray_from_python, %rax
	movq	%rdx, 360(%rsp)
	movq	%rcx, 352(%rsp)
	movq	856(%rsp), %rdx
	movq	864(%rsp), %rcx
	movq	%rdx, 344(%rsp)
	movq	%rcx, 336(%rsp)
	vzeroupper
	callq	*%rax
	testl	%eax, %eax
	jne	.LBB1_48
	cmpq	$4, 1000(%rsp)
	jne	.LBB1_48
	movq	976(%rsp), %rax
	movq	1008(%rsp), %rdx
	movq	1016(%rsp), %rcx
	movq	632(%rsp), %rdi
	leaq	1616(%rsp), %rsi
	vxorps	%xmm0, %xmm0, %xmm0
	vmovups	%ymm0, 1648(%rsp)
	movq	%rbx, 88(%rsp)
	vmovups	%ymm0, 1616(%rsp)
	vmovups	%ymm0, 1672(%rsp)
	movq	%rax, 80(%rsp)
	movabsq	$NRT_adapt_ndarray_from_python, %rax
	movq	%rdx, 328(%rsp)
	movq	%rcx, 320(%rsp)
	vzeroupper
	callq	*%rax
	cmpq	$4, 1640(%rsp)
	setne	%cl
	testl	%eax, %eax
	setne	%bl
	orb	%cl, %bl
	jne	.LBB1_49
	testb	%bl, %bl
	jne	.LBB1_61
.LBB1_19:
	movq	1616(%rsp), %rax
	movq	1648(%rsp), %rcx
	movq	1656(%rsp), %rdx
	movq	624(%rsp), %rdi
	movq	%rax, 72(%rsp)
	movq	%rcx, 312(%rsp)
	movq	1664(%rsp), %rcx
	movq	1672(%rsp), %rax
	movq	%rdx, 304(%rsp)
	movq	%rcx, 296(%rsp)
	movq	%rax, 288(%rsp)
	callq	*%r15
	movl	%eax, %r15d
	callq	*%r14
	testq	%rax, %rax
	jne	.LBB1_60
	movq	616(%rsp), %rdi
	leaq	1520(%rsp), %rsi
	movabsq	$NRT_adapt_ndarray_from_python, %rax
	vxorps	%xmm0, %xmm0, %xmm0
	vmovups	%ymm0, 1552(%rsp)
	vmovups	%ymm0, 1520(%rsp)
	vmovups	%ymm0, 1576(%rsp)
	vzeroupper
	callq	*%rax
	cmpq	$4, 1544(%rsp)
	setne	%cl
	testl	%eax, %eax
	setne	%bl
	orb	%cl, %bl
	cmpb	$1, %bl
	je	.LBB1_50
	testb	%bl, %bl
	jne	.LBB1_60
.LBB1_22:
	movq	1560(%rsp), %rcx
	movq	1552(%rsp), %rax
	movq	1568(%rsp), %rdx
	movq	608(%rsp), %rdi
	movq	1520(%rsp), %r14
	leaq	1424(%rsp), %rsi
	vxorps	%xmm0, %xmm0, %xmm0
	vmovups	%ymm0, 1456(%rsp)
	vmovups	%ymm0, 1424(%rsp)
	vmovups	%ymm0, 1480(%rsp)
	movq	%rcx, 272(%rsp)
	movq	1576(%rsp), %rcx
	movq	%rax, 280(%rsp)
	movabsq	$NRT_adapt_ndarray_from_python, %rax
	movq	%rdx, 264(%rsp)
	movq	%rcx, 256(%rsp)
	vzeroupper
	callq	*%rax
	cmpq	$4, 1448(%rsp)
	setne	%cl
	testl	%eax, %eax
	setne	%bl
	orb	%cl, %bl
	jne	.LBB1_51
	testb	%bl, %bl
	jne	.LBB1_59
.LBB1_24:
	movq	1464(%rsp), %rcx
	movq	1456(%rsp), %rax
	movq	1472(%rsp), %rdx
	movq	600(%rsp), %rdi
	movl	%r15d, 100(%rsp)
	movq	1424(%rsp), %r15
	leaq	1104(%rsp), %rsi
	vxorps	%xmm0, %xmm0, %xmm0
	vmovups	%ymm0, 1136(%rsp)
	vmovups	%ymm0, 1104(%rsp)
	vmovups	%ymm0, 1160(%rsp)
	movq	%rcx, 240(%rsp)
	movq	1480(%rsp), %rcx
	movq	%rax, 248(%rsp)
	movabsq	$NRT_adapt_ndarray_from_python, %rax
	movq	%rdx, 232(%rsp)
	movq	%rcx, 224(%rsp)
	vzeroupper
	callq	*%rax
	cmpq	$4, 1128(%rsp)
	setne	%cl
	testl	%eax, %eax
	setne	%bl
	orb	%cl, %bl
	jne	.LBB1_52
	testb	%bl, %bl
	jne	.LBB1_58
.LBB1_26:
	movq	1136(%rsp), %rcx
	movq	1144(%rsp), %rdx
	movq	1104(%rsp), %rax
	movq	592(%rsp), %rdi
	leaq	1312(%rsp), %rsi
	vxorps	%xmm0, %xmm0, %xmm0
	vmovups	%ymm0, 1312(%rsp)
	vmovups	%ymm0, 1344(%rsp)
	vmovups	%ymm0, 1376(%rsp)
	movq	$0, 1408(%rsp)
	movq	%rcx, 216(%rsp)
	movq	1152(%rsp), %rcx
	movq	%rdx, 208(%rsp)
	movq	1160(%rsp), %rdx
	movq	%rax, 64(%rsp)
	movabsq	$NRT_adapt_ndarray_from_python, %rax
	movq	%rcx, 200(%rsp)
	movq	1168(%rsp), %rcx
	movq	%rdx, 192(%rsp)
	movq	%rcx, 184(%rsp)
	vzeroupper
	callq	*%rax
	cmpq	$4, 1336(%rsp)
	setne	%cl
	testl	%eax, %eax
	setne	%bl
	orb	%cl, %bl
	jne	.LBB1_53
	testb	%bl, %bl
	jne	.LBB1_57
.LBB1_28:
	movq	1344(%rsp), %rdx
	movq	1352(%rsp), %rcx
	movq	1312(%rsp), %rax
	movq	584(%rsp), %rdi
	movq	%r15, 56(%rsp)
	movq	1376(%rsp), %r15
	leaq	1200(%rsp), %rsi
	vxorps	%xmm0, %xmm0, %xmm0
	vmovups	%ymm0, 1200(%rsp)
	vmovups	%ymm0, 1232(%rsp)
	vmovups	%ymm0, 1264(%rsp)
	movq	$0, 1296(%rsp)
	movq	%rdx, 176(%rsp)
	movq	%rcx, 168(%rsp)
	movq	1360(%rsp), %rdx
	movq	1368(%rsp), %rcx
	movq	%rax, 48(%rsp)
	movabsq	$NRT_adapt_ndarray_from_python, %rax
	movq	%rdx, 160(%rsp)
	movq	%rcx, 152(%rsp)
	vzeroupper
	callq	*%rax
	cmpq	$4, 1224(%rsp)
	setne	%cl
	testl	%eax, %eax
	setne	%bl
	orb	%cl, %bl
	jne	.LBB1_54
	testb	%bl, %bl
	jne	.LBB1_56
.LBB1_30:
	movq	1200(%rsp), %rax
	movq	576(%rsp), %rdi
	movq	%r14, 40(%rsp)
	movq	%rbp, 104(%rsp)
	movq	%r13, 112(%rsp)
	movq	%r12, 120(%rsp)
	movq	1232(%rsp), %rbx
	movq	1240(%rsp), %rbp
	movq	1248(%rsp), %r12
	movq	1256(%rsp), %r13
	movq	1264(%rsp), %r14
	leaq	1808(%rsp), %rsi
	vxorps	%xmm0, %xmm0, %xmm0
	vmovups	%ymm0, 1808(%rsp)
	vmovups	%ymm0, 1840(%rsp)
	movq	$0, 1872(%rsp)
	movq	%rax, 32(%rsp)
	movabsq	$NRT_adapt_ndarray_from_python, %rax
	vzeroupper
	callq	*%rax
	testl	%eax, %eax
	jne	.LBB1_55
	cmpq	$4, 1832(%rsp)
	jne	.LBB1_55
	xorl	%eax, %eax
	cmpl	$0, 100(%rsp)
	vmovups	1840(%rsp), %ymm0
	movq	1808(%rsp), %rsi
	setne	%al
	xorl	%ecx, %ecx
	cmpl	$0, 8(%rsp)
	movq	%rsi, 8(%rsp)
	setne	%cl
	subq	$1152, %rsp
	.cfi_adjust_cfa_offset 1152
	vmovups	%ymm0, 1112(%rsp)
	movq	%rsi, 1080(%rsp)
	movq	%r13, 1032(%rsp)
	movq	%r12, 1024(%rsp)
	movq	%rbp, 1016(%rsp)
	movq	%rbx, 1008(%rsp)
	movq	%r15, 936(%rsp)
	movl	%eax, 600(%rsp)
	movabsq	$_ZN4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE, %rax
	movq	%r14, 1040(%rsp)
	movl	%ecx, 200(%rsp)
	movq	$4, 1104(%rsp)
	movq	$4, 808(%rsp)
	movq	$4, 232(%rsp)
	movq	1320(%rsp), %rdi
	movq	1312(%rsp), %r10
	movq	1184(%rsp), %rsi
	movq	1304(%rsp), %rdx
	movq	1280(%rsp), %r15
	movq	1288(%rsp), %rbp
	movq	1256(%rsp), %r13
	movq	1264(%rsp), %r12
	movq	1272(%rsp), %rbx
	movq	%rdi, 912(%rsp)
	movq	1336(%rsp), %rdi
	movq	%r10, 920(%rsp)
	movq	1328(%rsp), %r10
	movq	%rsi, 976(%rsp)
	movq	1216(%rsp), %rsi
	movq	%rdx, 928(%rsp)
	movq	%r15, 280(%rsp)
	movq	%rbp, 208(%rsp)
	movq	%r13, 144(%rsp)
	movq	%r12, 56(%rsp)
	movq	%rbx, %rdx
	movq	%rdi, 848(%rsp)
	movq	1352(%rsp), %rdi
	movq	%r10, 904(%rsp)
	movq	1344(%rsp), %r10
	movq	%rsi, 784(%rsp)
	movq	1192(%rsp), %rsi
	movq	%rdi, 832(%rsp)
	movq	1368(%rsp), %rdi
	movq	%r10, 840(%rsp)
	movq	1360(%rsp), %r10
	movq	%rsi, 608(%rsp)
	movq	1232(%rsp), %rsi
	movq	%rdi, 816(%rsp)
	movq	1384(%rsp), %rdi
	movq	%r10, 824(%rsp)
	movq	1376(%rsp), %r10
	movq	%rsi, 456(%rsp)
	movq	1696(%rsp), %rsi
	movq	%rdi, 744(%rsp)
	movq	1400(%rsp), %rdi
	movq	%r10, 752(%rsp)
	movq	1392(%rsp), %r10
	movq	%rsi, (%rsp)
	leaq	1296(%rsp), %rsi
	movq	%rdi, 728(%rsp)
	movq	1416(%rsp), %rdi
	movq	%r10, 736(%rsp)
	movq	1408(%rsp), %r10
	movq	%rdi, 656(%rsp)
	movq	1432(%rsp), %rdi
	movq	%r10, 664(%rsp)
	movq	1424(%rsp), %r10
	movq	%rdi, 640(%rsp)
	movq	1448(%rsp), %rdi
	movq	%r10, 648(%rsp)
	movq	1440(%rsp), %r10
	movq	%rdi, 560(%rsp)
	movq	1464(%rsp), %rdi
	movq	%r10, 568(%rsp)
	movq	1456(%rsp), %r10
	movq	%rdi, 544(%rsp)
	movq	1480(%rsp), %rdi
	movq	%r10, 552(%rsp)
	movq	1472(%rsp), %r10
	movq	%rdi, 488(%rsp)
	movq	1496(%rsp), %rdi
	movq	%r10, 496(%rsp)
	movq	1488(%rsp), %r10
	movq	%rdi, 440(%rsp)
	movq	1512(%rsp), %rdi
	movq	%r10, 448(%rsp)
	movq	1504(%rsp), %r10
	movq	%rdi, 424(%rsp)
	movq	1528(%rsp), %rdi
	movq	%r10, 432(%rsp)
	movq	1520(%rsp), %r10
	movq	%rdi, 408(%rsp)
	movq	1544(%rsp), %rdi
	movq	%r10, 416(%rsp)
	movq	1536(%rsp), %r10
	movq	%rdi, 360(%rsp)
	movq	1560(%rsp), %rdi
	movq	%r10, 400(%rsp)
	movq	1552(%rsp), %r10
	movq	%rdi, 344(%rsp)
	movq	1576(%rsp), %rdi
	movq	%r10, 352(%rsp)
	movq	1568(%rsp), %r10
	movq	%rdi, 328(%rsp)
	movq	1592(%rsp), %rdi
	movq	%r10, 336(%rsp)
	movq	1584(%rsp), %r10
	movq	%rdi, 312(%rsp)
	movq	1608(%rsp), %rdi
	movq	%r10, 320(%rsp)
	movq	1600(%rsp), %r10
	movq	%rdi, 264(%rsp)
	movq	1624(%rsp), %rdi
	movq	%r10, 272(%rsp)
	movq	1616(%rsp), %r10
	movq	%rdi, 248(%rsp)
	movq	1640(%rsp), %rdi
	movq	%r10, 256(%rsp)
	movq	1632(%rsp), %r10
	movq	%rdi, 224(%rsp)
	movq	1656(%rsp), %rdi
	movq	%r10, 240(%rsp)
	movq	1648(%rsp), %r10
	movq	%rdi, 184(%rsp)
	movq	1704(%rsp), %rdi
	movq	%r10, 216(%rsp)
	movq	1664(%rsp), %r10
	movq	%rdi, 112(%rsp)
	movq	1168(%rsp), %rdi
	movq	%r10, 176(%rsp)
	movq	1712(%rsp), %r10
	movq	%rdi, 96(%rsp)
	movq	1176(%rsp), %rdi
	movq	%r10, 104(%rsp)
	movq	1672(%rsp), %r10
	movq	%rdi, 24(%rsp)
	movq	1688(%rsp), %rdi
	movq	%r10, 88(%rsp)
	movq	1680(%rsp), %r10
	movq	%rdi, 8(%rsp)
	movq	1200(%rsp), %rdi
	movq	%r10, 16(%rsp)
	movq	%rdi, 872(%rsp)
	movq	1208(%rsp), %rdi
	movq	%rdi, 696(%rsp)
	movq	1224(%rsp), %rdi
	movq	%rdi, 512(%rsp)
	movq	1240(%rsp), %rdi
	movq	%rdi, 368(%rsp)
	leaq	1720(%rsp), %rdi
	vzeroupper
	callq	*%rax
	addq	$1152, %rsp
	.cfi_adjust_cfa_offset -1152
	movq	144(%rsp), %rcx
	movabsq	$NRT_decref, %r14
	movq	%rbx, %rdi
	movl	%eax, 24(%rsp)
	movq	%rcx, 16(%rsp)
	callq	*%r14
	movq	%r12, %rdi
	callq	*%r14
	movq	%r13, %rdi
	callq	*%r14
	movq	%rbp, %rdi
	callq	*%r14
	movq	%r15, %rdi
	callq	*%r14
	movq	88(%rsp), %rdi
	callq	*%r14
	movq	80(%rsp), %rdi
	callq	*%r14
	movq	72(%rsp), %rdi
	callq	*%r14
	movq	40(%rsp), %rdi
	callq	*%r14
	movq	56(%rsp), %rdi
	callq	*%r14
	movq	64(%rsp), %rdi
	callq	*%r14
	movq	48(%rsp), %rdi
	callq	*%r14
	movq	32(%rsp), %rdi
	callq	*%r14
	movq	8(%rsp), %rdi
	callq	*%r14
	movl	24(%rsp), %eax
	testl	%eax, %eax
	jne	.LBB1_35
	movabsq	$_Py_NoneStruct, %rbx
	movabsq	$Py_IncRef, %rax
	movq	%rbx, %rdi
	callq	*%rax
.LBB1_34:
	movq	%rbx, %rax
	addq	$1976, %rsp
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%r12
	.cfi_def_cfa_offset 40
	popq	%r13
	.cfi_def_cfa_offset 32
	popq	%r14
	.cfi_def_cfa_offset 24
	popq	%r15
	.cfi_def_cfa_offset 16
	popq	%rbp
	.cfi_def_cfa_offset 8
	vzeroupper
	retq
.LBB1_35:
	.cfi_def_cfa_offset 2032
	movq	16(%rsp), %r14
	jle	.LBB1_69
	movabsq	$PyErr_Clear, %rax
	callq	*%rax
	movl	8(%r14), %esi
	movq	(%r14), %rdi
	cmpl	$0, 32(%r14)
	jle	.LBB1_72
	movslq	%esi, %rsi
	movabsq	$PyBytes_FromStringAndSize, %rax
	callq	*%rax
	movq	16(%r14), %rdi
	movq	%rax, %rbx
	callq	*24(%r14)
	testq	%rax, %rax
	je	.LBB1_78
	movabsq	$numba_runtime_build_excinfo_struct, %rcx
	movq	%rbx, %rdi
	movq	%rax, %rsi
	callq	*%rcx
	movabsq	$NRT_Free, %r15
	movq	%r14, %rdi
	movq	%rax, %rbx
	callq	*%r15
	jmp	.LBB1_73
.LBB1_39:
	movabsq	$PyExc_RuntimeError, %rdi
	movabsq	$".const.missing Environment: _ZN08NumbaEnv4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE", %rsi
.LBB1_40:
	movabsq	$PyErr_SetString, %rax
	vzeroupper
	callq	*%rax
	xorl	%ebx, %ebx
	jmp	.LBB1_34
.LBB1_41:
	movabsq	$PyExc_TypeError, %rdi
	movabsq	$".const.can't unbox array from PyObject into native value.  The object maybe of a different type", %rsi
	movabsq	$PyErr_SetString, %rax
	callq	*%rax
	testb	%bl, %bl
	je	.LBB1_4
	jmp	.LBB1_42
.LBB1_43:
	movabsq	$PyExc_TypeError, %rdi
	movabsq	$".const.can't unbox array from PyObject into native value.  The object maybe of a different type", %rsi
	movabsq	$PyErr_SetString, %rax
	callq	*%rax
	testb	%bl, %bl
	je	.LBB1_6
	jmp	.LBB1_67
.LBB1_44:
	movabsq	$PyExc_TypeError, %rdi
	movabsq	$".const.can't unbox array from PyObject into native value.  The object maybe of a different type", %rsi
	movabsq	$PyErr_SetString, %rax
	callq	*%rax
	jmp	.LBB1_66
.LBB1_45:
	movabsq	$PyExc_TypeError, %rdi
	movabsq	$".const.can't unbox array from PyObject into native value.  The object maybe of a different type", %rsi
	movabsq	$PyErr_SetString, %rax
	callq	*%rax
	testb	%bl, %bl
	je	.LBB1_11
	jmp	.LBB1_65
.LBB1_46:
	movabsq	$PyExc_TypeError, %rdi
	movabsq	$".const.can't unbox array from PyObject into native value.  The object maybe of a different type", %rsi
	movabsq	$PyErr_SetString, %rax
	callq	*%rax
	testb	%bl, %bl
	je	.LBB1_13
	jmp	.LBB1_64
.LBB1_47:
	movabsq	$PyExc_TypeError, %rdi
	movabsq	$".const.can't unbox array from PyObject into native value.  The object maybe of a different type", %rsi
	movabsq	$PyErr_SetString, %rax
	callq	*%rax
	testb	%bl, %bl
	je	.LBB1_15
	jmp	.LBB1_63
.LBB1_48:
	movabsq	$PyExc_TypeError, %rdi
	movabsq	$".const.can't unbox array from PyObject into native value.  The object maybe of a different type", %rsi
	movabsq	$PyErr_SetString, %rax
	callq	*%rax
	jmp	.LBB1_62
.LBB1_49:
	movabsq	$PyExc_TypeError, %rdi
	movabsq	$".const.can't unbox array from PyObject into native value.  The object maybe of a different type", %rsi
	movabsq	$PyErr_SetString, %rax
	callq	*%rax
	testb	%bl, %bl
	je	.LBB1_19
	jmp	.LBB1_61
.LBB1_50:
	movabsq	$PyExc_TypeError, %rdi
	movabsq	$".const.can't unbox array from PyObject into native value.  The object maybe of a different type", %rsi
	movabsq	$PyErr_SetString, %rax
	callq	*%rax
	testb	%bl, %bl
	je	.LBB1_22
	jmp	.LBB1_60
.LBB1_51:
	movabsq	$PyExc_TypeError, %rdi
	movabsq	$".const.can't unbox array from PyObject into native value.  The object maybe of a different type", %rsi
	movabsq	$PyErr_SetString, %rax
	callq	*%rax
	testb	%bl, %bl
	je	.LBB1_24
	jmp	.LBB1_59
.LBB1_52:
	movabsq	$PyExc_TypeError, %rdi
	movabsq	$".const.can't unbox array from PyObject into native value.  The object maybe of a different type", %rsi
	movabsq	$PyErr_SetString, %rax
	callq	*%rax
	testb	%bl, %bl
	je	.LBB1_26
	jmp	.LBB1_58
.LBB1_53:
	movabsq	$PyExc_TypeError, %rdi
	movabsq	$".const.can't unbox array from PyObject into native value.  The object maybe of a different type", %rsi
	movabsq	$PyErr_SetString, %rax
	callq	*%rax
	testb	%bl, %bl
	je	.LBB1_28
	jmp	.LBB1_57
.LBB1_54:
	movabsq	$PyExc_TypeError, %rdi
	movabsq	$".const.can't unbox array from PyObject into native value.  The object maybe of a different type", %rsi
	movabsq	$PyErr_SetString, %rax
	callq	*%rax
	testb	%bl, %bl
	je	.LBB1_30
	jmp	.LBB1_56
.LBB1_55:
	movabsq	$PyExc_TypeError, %rdi
	movabsq	$".const.can't unbox array from PyObject into native value.  The object maybe of a different type", %rsi
	movabsq	$PyErr_SetString, %rax
	callq	*%rax
	movq	32(%rsp), %rdi
	movabsq	$NRT_decref, %rax
	callq	*%rax
	movq	120(%rsp), %r12
	movq	112(%rsp), %r13
	movq	104(%rsp), %rbp
	movq	40(%rsp), %r14
.LBB1_56:
	movq	48(%rsp), %rdi
	movabsq	$NRT_decref, %rax
	callq	*%rax
	movq	56(%rsp), %r15
.LBB1_57:
	movq	64(%rsp), %rdi
	movabsq	$NRT_decref, %rax
	callq	*%rax
.LBB1_58:
	movabsq	$NRT_decref, %rax
	movq	%r15, %rdi
	callq	*%rax
.LBB1_59:
	movabsq	$NRT_decref, %rax
	movq	%r14, %rdi
	callq	*%rax
.LBB1_60:
	movq	72(%rsp), %rdi
	movabsq	$NRT_decref, %rax
	callq	*%rax
.LBB1_61:
	movq	80(%rsp), %rdi
	movabsq	$NRT_decref, %rax
	callq	*%rax
	movq	88(%rsp), %rbx
.LBB1_62:
	movabsq	$NRT_decref, %rax
	movq	%rbx, %rdi
	callq	*%rax
.LBB1_63:
	movq	128(%rsp), %rdi
	movabsq	$NRT_decref, %rax
	callq	*%rax
.LBB1_64:
	movq	136(%rsp), %rdi
	movabsq	$NRT_decref, %rax
	callq	*%rax
.LBB1_65:
	movabsq	$NRT_decref, %rax
	movq	%rbp, %rdi
	callq	*%rax
.LBB1_66:
	movabsq	$NRT_decref, %rax
	movq	%r13, %rdi
	callq	*%rax
.LBB1_67:
	movabsq	$NRT_decref, %rax
	movq	%r12, %rdi
.LBB1_68:
	callq	*%rax
	xorl	%ebx, %ebx
	jmp	.LBB1_34
.LBB1_69:
	cmpl	$-3, %eax
	je	.LBB1_75
	cmpl	$-1, %eax
	jne	.LBB1_76
.LBB1_42:
	xorl	%ebx, %ebx
	jmp	.LBB1_34
.LBB1_72:
	movq	16(%r14), %rdx
	movabsq	$numba_unpickle, %rax
	callq	*%rax
	movq	%rax, %rbx
.LBB1_73:
	testq	%rbx, %rbx
	je	.LBB1_42
	movabsq	$numba_do_raise, %rax
	movq	%rbx, %rdi
	jmp	.LBB1_68
.LBB1_75:
	movabsq	$PyExc_StopIteration, %rdi
	movabsq	$PyErr_SetNone, %rax
	jmp	.LBB1_68
.LBB1_76:
	movabsq	$PyExc_SystemError, %rdi
	movabsq	$".const.unknown error when calling native function", %rsi
	jmp	.LBB1_40
.LBB1_78:
	movabsq	$PyExc_RuntimeError, %rdi
	movabsq	$".const.Error creating Python tuple from runtime exception arguments", %rsi
	jmp	.LBB1_40
.Lfunc_end1:
	.size	_ZN7cpython4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE, .Lfunc_end1-_ZN7cpython4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE
	.cfi_endproc

	.globl	cfunc._ZN4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE
	.p2align	4
	.type	cfunc._ZN4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE,@function
cfunc._ZN4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE:
	.cfi_startproc
	pushq	%rbp
	.cfi_def_cfa_offset 16
	pushq	%r15
	.cfi_def_cfa_offset 24
	pushq	%r14
	.cfi_def_cfa_offset 32
	pushq	%r13
	.cfi_def_cfa_offset 40
	pushq	%r12
	.cfi_def_cfa_offset 48
	pushq	%rbx
	.cfi_def_cfa_offset 56
	subq	$1176, %rsp
	.cfi_def_cfa_offset 1232
	.cfi_offset %rbx, -56
	.cfi_offset %r12, -48
	.cfi_offset %r13, -40
	.cfi_offset %r14, -32
	.cfi_offset %r15, -24
	.cfi_offset %rbp, -16
	vmovups	1856(%rsp), %ymm12
	vmovups	1944(%rsp), %ymm13
	vmovups	2024(%rsp), %ymm14
	vmovups	2056(%rsp), %xmm15
	vmovups	2120(%rsp), %ymm2
	vmovups	2224(%rsp), %ymm1
	vmovups	2320(%rsp), %ymm0
	movq	%rdi, %rdx
	movq	2352(%rsp), %rbp
	movq	1824(%rsp), %rdi
	movq	1912(%rsp), %r10
	movq	2000(%rsp), %r11
	movq	2088(%rsp), %rbx
	movq	2152(%rsp), %r14
	movq	2192(%rsp), %r15
	movq	2256(%rsp), %r12
	movq	2296(%rsp), %r13
	movq	$0, 1168(%rsp)
	movq	$0, 1160(%rsp)
	vmovups	1424(%rsp), %ymm3
	vmovups	1456(%rsp), %ymm4
	vmovaps	1488(%rsp), %xmm5
	vmovups	1528(%rsp), %ymm6
	vmovups	1560(%rsp), %ymm7
	vmovups	1616(%rsp), %ymm8
	vmovups	1648(%rsp), %ymm9
	vmovups	1704(%rsp), %xmm10
	vmovups	1760(%rsp), %ymm11
	movq	1272(%rsp), %rax
	movq	1360(%rsp), %rcx
	movq	1728(%rsp), %rsi
	movq	%rbp, 1136(%rsp)
	vmovups	%ymm0, 1104(%rsp)
	movq	%r13, 1080(%rsp)
	movq	%r12, 1040(%rsp)
	vmovups	%ymm1, 1008(%rsp)
	movq	%r15, 976(%rsp)
	movq	%r14, 936(%rsp)
	vmovups	%ymm2, 904(%rsp)
	movq	%rbx, 872(%rsp)
	vmovups	%xmm15, 840(%rsp)
	vmovups	%ymm14, 808(%rsp)
	movq	%r11, 784(%rsp)
	vmovups	%ymm13, 728(%rsp)
	movq	%r10, 696(%rsp)
	vmovups	%ymm12, 640(%rsp)
	movq	%rdi, 608(%rsp)
	movzbl	1816(%rsp), %edi
	vmovaps	1392(%rsp), %xmm0
	vmovups	1304(%rsp), %ymm2
	vmovaps	1232(%rsp), %xmm1
	andl	$1, %edi
	movl	%edi, 600(%rsp)
	movzbl	1416(%rsp), %edi
	vmovups	%ymm11, 544(%rsp)
	movq	%rsi, 512(%rsp)
	vmovups	%xmm10, 488(%rsp)
	vmovups	%ymm9, 432(%rsp)
	vmovups	%ymm8, 400(%rsp)
	vmovups	%ymm7, 344(%rsp)
	vmovups	%ymm6, 312(%rsp)
	vmovups	%xmm5, 272(%rsp)
	vmovups	%ymm4, 240(%rsp)
	vmovups	%ymm3, 208(%rsp)
	leaq	1160(%rsp), %rsi
	andl	$1, %edi
	movl	%edi, 200(%rsp)
	vmovups	%xmm0, 176(%rsp)
	movq	%rcx, 144(%rsp)
	vmovups	%ymm2, 88(%rsp)
	movq	%rax, 56(%rsp)
	movabsq	$_ZN4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE, %rax
	leaq	1168(%rsp), %rdi
	vmovups	%xmm1, 16(%rsp)
	movq	%r9, 8(%rsp)
	movq	%r8, (%rsp)
	vzeroupper
	callq	*%rax
	movl	%eax, %ecx
	movq	1160(%rsp), %rbx
	movq	1168(%rsp), %rax
	movl	$0, 1156(%rsp)
	testl	%ecx, %ecx
	jne	.LBB2_1
.LBB2_8:
	addq	$1176, %rsp
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%r12
	.cfi_def_cfa_offset 40
	popq	%r13
	.cfi_def_cfa_offset 32
	popq	%r14
	.cfi_def_cfa_offset 24
	popq	%r15
	.cfi_def_cfa_offset 16
	popq	%rbp
	.cfi_def_cfa_offset 8
	retq
.LBB2_1:
	.cfi_def_cfa_offset 1232
	movabsq	$numba_gil_ensure, %r14
	leaq	1156(%rsp), %rdi
	movq	%rax, %r15
	movl	%ecx, %ebp
	callq	*%r14
	testl	%ebp, %ebp
	jle	.LBB2_9
	movabsq	$PyErr_Clear, %rax
	callq	*%rax
	movl	8(%rbx), %esi
	movq	(%rbx), %rdi
	cmpl	$0, 32(%rbx)
	jle	.LBB2_12
	movslq	%esi, %rsi
	movabsq	$PyBytes_FromStringAndSize, %rax
	callq	*%rax
	movq	16(%rbx), %rdi
	movq	%rax, %r14
	callq	*24(%rbx)
	testq	%rax, %rax
	je	.LBB2_4
	movabsq	$numba_runtime_build_excinfo_struct, %rcx
	movq	%r14, %rdi
	movq	%rax, %rsi
	callq	*%rcx
	movabsq	$NRT_Free, %r12
	movq	%rbx, %rdi
	movq	%rax, %r14
	callq	*%r12
	jmp	.LBB2_13
.LBB2_9:
	movl	%ebp, %eax
	cmpl	$-3, %ebp
	je	.LBB2_5
	cmpl	$-1, %eax
	je	.LBB2_7
	movabsq	$PyExc_SystemError, %rdi
	movabsq	$".const.unknown error when calling native function.2", %rsi
	movabsq	$PyErr_SetString, %rax
	callq	*%rax
	jmp	.LBB2_7
.LBB2_12:
	movq	16(%rbx), %rdx
	movabsq	$numba_unpickle, %rax
	callq	*%rax
	movq	%rax, %r14
.LBB2_13:
	testq	%r14, %r14
	je	.LBB2_7
	movabsq	$numba_do_raise, %rax
	movq	%r14, %rdi
.LBB2_6:
	callq	*%rax
.LBB2_7:
	movabsq	$".const.<numba.core.cpu.CPUContext>", %rdi
	movabsq	$PyUnicode_FromString, %rax
	callq	*%rax
	movabsq	$PyErr_WriteUnraisable, %r14
	movq	%rax, %rbx
	movq	%rbx, %rdi
	callq	*%r14
	movabsq	$Py_DecRef, %rax
	movq	%rbx, %rdi
	callq	*%rax
	movabsq	$numba_gil_release, %rax
	leaq	1156(%rsp), %rdi
	callq	*%rax
	movq	%r15, %rax
	jmp	.LBB2_8
.LBB2_5:
	movabsq	$PyExc_StopIteration, %rdi
	movabsq	$PyErr_SetNone, %rax
	jmp	.LBB2_6
.LBB2_4:
	movabsq	$PyExc_RuntimeError, %rdi
	movabsq	$".const.Error creating Python tuple from runtime exception arguments.1", %rsi
	movabsq	$PyErr_SetString, %rax
	callq	*%rax
	xorl	%eax, %eax
	jmp	.LBB2_8
.Lfunc_end2:
	.size	cfunc._ZN4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE, .Lfunc_end2-cfunc._ZN4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE
	.cfi_endproc

	.weak	_ZN4s5vh2nn8backends8cpu_scan7_paddedB2v9B102c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1ep5xVXqOgrqRcA0VJyfDGImFiUXgOjk_2fLySosTkEvVaTWCwF0GM1wQAE5ArrayIfLi2E1C7mutable7alignedE16slice_3ca_3ab_3e5ArrayIfLi2E1C7mutable7alignedE
	.p2align	4
	.type	_ZN4s5vh2nn8backends8cpu_scan7_paddedB2v9B102c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1ep5xVXqOgrqRcA0VJyfDGImFiUXgOjk_2fLySosTkEvVaTWCwF0GM1wQAE5ArrayIfLi2E1C7mutable7alignedE16slice_3ca_3ab_3e5ArrayIfLi2E1C7mutable7alignedE,@function
_ZN4s5vh2nn8backends8cpu_scan7_paddedB2v9B102c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1ep5xVXqOgrqRcA0VJyfDGImFiUXgOjk_2fLySosTkEvVaTWCwF0GM1wQAE5ArrayIfLi2E1C7mutable7alignedE16slice_3ca_3ab_3e5ArrayIfLi2E1C7mutable7alignedE:
	pushq	%rbp
	pushq	%r15
	pushq	%r14
	pushq	%r13
	pushq	%r12
	pushq	%rbx
	subq	$40, %rsp
	movq	208(%rsp), %r9
	movq	200(%rsp), %rdx
	movq	%rdi, 8(%rsp)
	testq	%rdx, %rdx
	jle	.LBB3_3
	testq	%r9, %r9
	jle	.LBB3_3
	movq	192(%rsp), %rdi
	imulq	%r9, %rdx
	movabsq	$memset, %rax
	xorl	%esi, %esi
	movq	%r9, %rbx
	shlq	$2, %rdx
	callq	*%rax
	movq	%rbx, %r9
.LBB3_3:
	cmpq	$0, 104(%rsp)
	jle	.LBB3_48
	movq	136(%rsp), %rcx
	movq	112(%rsp), %rdx
	movq	144(%rsp), %rax
	movq	96(%rsp), %r13
	movq	192(%rsp), %r14
	movq	152(%rsp), %r11
	movq	%r9, %r8
	shlq	$2, %r9
	xorl	%edi, %edi
	movq	%r9, 32(%rsp)
	movq	%rcx, %r12
	sarq	$63, %r12
	movq	%rax, %rsi
	sarq	$63, %rsi
	subq	%rdx, %r8
	leaq	96(%r14), %rbp
	leaq	96(%r13), %rbx
	andq	%rdx, %r12
	andq	%rdx, %rsi
	shlq	$2, %r8
	addq	%rcx, %r12
	leaq	-1(%rdx), %rcx
	movq	%r8, 16(%rsp)
	addq	%rax, %rsi
	leaq	16(%r13), %r8
	movq	%rcx, (%rsp)
	leaq	(,%rdx,4), %rcx
	movq	%rcx, 24(%rsp)
	jmp	.LBB3_6
	.p2align	4
.LBB3_5:
	movq	24(%rsp), %rax
	movq	32(%rsp), %r9
	movq	112(%rsp), %rdx
	incq	%rdi
	movq	%r15, %r11
	addq	%r9, %rbp
	addq	%rax, %r13
	addq	%r9, %r14
	addq	%rax, %rbx
	addq	%rax, %r8
	cmpq	104(%rsp), %rdi
	je	.LBB3_48
.LBB3_6:
	movq	%r12, %r9
	testq	%r11, %r11
	js	.LBB3_12
	testq	%r12, %r12
	js	.LBB3_41
	cmpq	%rdx, %r12
	jge	.LBB3_42
.LBB3_9:
	movq	%rsi, %r10
	testq	%rsi, %rsi
	js	.LBB3_43
.LBB3_10:
	movq	$-1, %rax
	cmpq	%rdx, %rsi
	jl	.LBB3_16
.LBB3_11:
	movq	%rdx, %r10
	jmp	.LBB3_16
	.p2align	4
.LBB3_12:
	testq	%r12, %r12
	js	.LBB3_44
	cmpq	%rdx, %r12
	jge	.LBB3_45
.LBB3_14:
	movq	%rsi, %r10
	testq	%rsi, %rsi
	js	.LBB3_46
.LBB3_15:
	movl	$1, %eax
	cmpq	%rdx, %rsi
	jge	.LBB3_47
.LBB3_16:
	subq	%r9, %r10
	addq	%r10, %rax
	movq	%rax, %rcx
	orq	%r11, %rcx
	shrq	$32, %rcx
	testq	%rcx, %rcx
	je	.LBB3_20
	je	.LBB3_20
	je	.LBB3_20
	cqto
	idivq	%r11
	jmp	.LBB3_21
	.p2align	4
.LBB3_20:
	xorl	%edx, %edx
	divl	%r11d
.LBB3_21:
	incq	%rax
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	testq	%r10, %r10
	movq	%r11, %r15
	setns	%cl
	setle	%dl
	testq	%r11, %r11
	movl	$0, %r11d
	cmovsl	%ecx, %edx
	testb	%dl, %dl
	cmoveq	%rax, %r11
	testq	%r11, %r11
	jle	.LBB3_5
	cmpq	$4, %r11
	jb	.LBB3_23
	movq	16(%rsp), %rax
	movq	96(%rsp), %rcx
	imulq	%rdi, %rax
	addq	192(%rsp), %rax
	leaq	(%rcx,%r9,4), %rcx
	subq	%rcx, %rax
	cmpq	$128, %rax
	jae	.LBB3_26
.LBB3_23:
	xorl	%eax, %eax
.LBB3_35:
	movl	%r11d, %edx
	subl	%eax, %edx
	movq	%rax, %r10
	andl	$7, %edx
	je	.LBB3_38
	leaq	(%r13,%r9,4), %rcx
	movq	%rax, %r10
	.p2align	4
.LBB3_37:
	vmovss	(%rcx,%r10,4), %xmm0
	decq	%rdx
	vmovss	%xmm0, (%r14,%r10,4)
	leaq	1(%r10), %r10
	jne	.LBB3_37
.LBB3_38:
	subq	%r11, %rax
	cmpq	$-8, %rax
	ja	.LBB3_5
	leaq	(%r8,%r9,4), %rax
	.p2align	4
.LBB3_40:
	vmovss	-16(%rax,%r10,4), %xmm0
	vmovss	%xmm0, (%r14,%r10,4)
	vmovss	-12(%rax,%r10,4), %xmm0
	vmovss	%xmm0, 4(%r14,%r10,4)
	vmovss	-8(%rax,%r10,4), %xmm0
	vmovss	%xmm0, 8(%r14,%r10,4)
	vmovss	-4(%rax,%r10,4), %xmm0
	vmovss	%xmm0, 12(%r14,%r10,4)
	vmovss	(%rax,%r10,4), %xmm0
	vmovss	%xmm0, 16(%r14,%r10,4)
	vmovss	4(%rax,%r10,4), %xmm0
	vmovss	%xmm0, 20(%r14,%r10,4)
	vmovss	8(%rax,%r10,4), %xmm0
	vmovss	%xmm0, 24(%r14,%r10,4)
	vmovss	12(%rax,%r10,4), %xmm0
	vmovss	%xmm0, 28(%r14,%r10,4)
	addq	$8, %r10
	cmpq	%r10, %r11
	jne	.LBB3_40
	jmp	.LBB3_5
.LBB3_26:
	leaq	(,%r9,4), %r10
	cmpq	$32, %r11
	jae	.LBB3_28
	xorl	%eax, %eax
	jmp	.LBB3_32
.LBB3_28:
	movabsq	$9223372036854775776, %rcx
	movq	%r11, %rax
	leaq	(%rbx,%r10), %rdx
	andq	%rcx, %rax
	xorl	%ecx, %ecx
	.p2align	4
.LBB3_29:
	vmovups	-96(%rdx,%rcx,4), %ymm0
	vmovups	-64(%rdx,%rcx,4), %ymm1
	vmovups	-32(%rdx,%rcx,4), %ymm2
	vmovups	(%rdx,%rcx,4), %ymm3
	vmovups	%ymm0, -96(%rbp,%rcx,4)
	vmovups	%ymm1, -64(%rbp,%rcx,4)
	vmovups	%ymm2, -32(%rbp,%rcx,4)
	vmovups	%ymm3, (%rbp,%rcx,4)
	addq	$32, %rcx
	cmpq	%rcx, %rax
	jne	.LBB3_29
	cmpq	%rax, %r11
	je	.LBB3_5
	testb	$28, %r11b
	je	.LBB3_35
.LBB3_32:
	movq	%rax, %rcx
	movabsq	$9223372036854775776, %rax
	addq	%r13, %r10
	addq	$28, %rax
	andq	%r11, %rax
	.p2align	4
.LBB3_33:
	vmovups	(%r10,%rcx,4), %xmm0
	vmovups	%xmm0, (%r14,%rcx,4)
	addq	$4, %rcx
	cmpq	%rcx, %rax
	jne	.LBB3_33
	cmpq	%rax, %r11
	je	.LBB3_5
	jmp	.LBB3_35
.LBB3_41:
	xorl	%r9d, %r9d
	cmpq	%rdx, %r12
	jl	.LBB3_9
.LBB3_42:
	movq	%rdx, %r9
	movq	%rsi, %r10
	testq	%rsi, %rsi
	jns	.LBB3_10
.LBB3_43:
	xorl	%r10d, %r10d
	movq	$-1, %rax
	cmpq	%rdx, %rsi
	jl	.LBB3_16
	jmp	.LBB3_11
.LBB3_44:
	movq	$-1, %r9
	cmpq	%rdx, %r12
	jl	.LBB3_14
.LBB3_45:
	movq	(%rsp), %r9
	movq	%rsi, %r10
	testq	%rsi, %rsi
	jns	.LBB3_15
.LBB3_46:
	movq	$-1, %r10
	movl	$1, %eax
	cmpq	%rdx, %rsi
	jl	.LBB3_16
.LBB3_47:
	movq	(%rsp), %r10
	jmp	.LBB3_16
.LBB3_48:
	movq	8(%rsp), %rax
	movq	$0, (%rax)
	xorl	%eax, %eax
	addq	$40, %rsp
	popq	%rbx
	popq	%r12
	popq	%r13
	popq	%r14
	popq	%r15
	popq	%rbp
	vzeroupper
	retq
.Lfunc_end3:
	.size	_ZN4s5vh2nn8backends8cpu_scan7_paddedB2v9B102c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1ep5xVXqOgrqRcA0VJyfDGImFiUXgOjk_2fLySosTkEvVaTWCwF0GM1wQAE5ArrayIfLi2E1C7mutable7alignedE16slice_3ca_3ab_3e5ArrayIfLi2E1C7mutable7alignedE, .Lfunc_end3-_ZN4s5vh2nn8backends8cpu_scan7_paddedB2v9B102c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1ep5xVXqOgrqRcA0VJyfDGImFiUXgOjk_2fLySosTkEvVaTWCwF0GM1wQAE5ArrayIfLi2E1C7mutable7alignedE16slice_3ca_3ab_3e5ArrayIfLi2E1C7mutable7alignedE

	.weak	NRT_decref
	.p2align	4
	.type	NRT_decref,@function
NRT_decref:
	.cfi_startproc
	testq	%rdi, %rdi
	je	.LBB4_2
	#MEMBARRIER
	lock		decq	(%rdi)
	je	.LBB4_3
.LBB4_2:
	retq
.LBB4_3:
	movabsq	$NRT_MemInfo_call_dtor, %rax
	#MEMBARRIER
	jmpq	*%rax
.Lfunc_end4:
	.size	NRT_decref, .Lfunc_end4-NRT_decref
	.cfi_endproc

	.weak	NRT_incref
	.p2align	4
	.type	NRT_incref,@function
NRT_incref:
	testq	%rdi, %rdi
	je	.LBB5_2
	lock		incq	(%rdi)
.LBB5_2:
	retq
.Lfunc_end5:
	.size	NRT_incref, .Lfunc_end5-NRT_incref

	.weak	_ZN5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB3v56B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE8UniTupleIxLi2EE
	.p2align	4
	.type	_ZN5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB3v56B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE8UniTupleIxLi2EE,@function
_ZN5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB3v56B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE8UniTupleIxLi2EE:
	.cfi_startproc
	pushq	%rbp
	.cfi_def_cfa_offset 16
	pushq	%r15
	.cfi_def_cfa_offset 24
	pushq	%r14
	.cfi_def_cfa_offset 32
	pushq	%r13
	.cfi_def_cfa_offset 40
	pushq	%r12
	.cfi_def_cfa_offset 48
	pushq	%rbx
	.cfi_def_cfa_offset 56
	subq	$632, %rsp
	.cfi_def_cfa_offset 688
	.cfi_offset %rbx, -56
	.cfi_offset %r12, -48
	.cfi_offset %r13, -40
	.cfi_offset %r14, -32
	.cfi_offset %r15, -24
	.cfi_offset %rbp, -16
	movq	%rsi, %r12
	movabsq	$.dtor.list.unicode_type, %rsi
	movabsq	$NRT_MemInfo_new_varsize_dtor, %rax
	movl	$24, %edi
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%ymm0, 512(%rsp)
	vmovupd	%ymm0, 448(%rsp)
	vmovupd	%ymm0, 400(%rsp)
	vmovupd	%ymm0, 576(%rsp)
	vmovupd	%ymm0, 352(%rsp)
	vmovupd	%ymm0, 304(%rsp)
	vmovupd	%ymm0, 256(%rsp)
	movq	%r9, %rbx
	movq	%r8, 128(%rsp)
	movq	%rcx, %r13
	movq	%rdx, %r14
	vmovupd	%ymm0, 496(%rsp)
	movq	$0, 248(%rsp)
	vmovupd	%ymm0, 464(%rsp)
	movq	$0, 240(%rsp)
	vmovupd	%ymm0, 416(%rsp)
	movq	$0, 232(%rsp)
	vmovupd	%ymm0, 592(%rsp)
	movq	$0, 224(%rsp)
	vmovupd	%ymm0, 368(%rsp)
	movq	$0, 216(%rsp)
	vmovupd	%ymm0, 320(%rsp)
	movq	$0, 208(%rsp)
	vmovupd	%ymm0, 272(%rsp)
	movq	$0, 200(%rsp)
	vzeroupper
	callq	*%rax
	movq	%rax, %r15
	movabsq	$.const.picklebuf.2b98f4136688ddd3c02912370686f1a00131280c, %rax
	movq	%r12, 568(%rsp)
	testq	%r15, %r15
	je	.LBB6_63
	movq	24(%r15), %rax
	movq	%r15, %rdi
	movq	$0, 8(%rax)
	movq	24(%r15), %rax
	movq	$0, (%rax)
	movq	24(%r15), %rax
	movb	$0, 16(%rax)
	movq	24(%r15), %rax
	movq	$0, (%rax)
	movabsq	$NRT_incref, %rax
	callq	*%rax
	movq	%rbx, 120(%rsp)
	movq	%r13, 88(%rsp)
	movq	%r14, %rbx
	testq	%r14, %r14
	js	.LBB6_4
	jne	.LBB6_5
	movl	$1, %eax
	movabsq	$".bytes.-7336804527741648176", %r14
	xorl	%ebp, %ebp
	movq	%rax, 80(%rsp)
	jmp	.LBB6_11
.LBB6_4:
	negq	%rbx
.LBB6_5:
	vcvtsi2sd	%rbx, %xmm15, %xmm0
	movabsq	$log10, %rax
	movq	%r14, %r13
	shrq	$63, %r13
	callq	*%rax
	vroundsd	$9, %xmm0, %xmm0, %xmm0
	movabsq	$NRT_MemInfo_alloc, %rax
	vcvttsd2si	%xmm0, %r12
	leaq	2(%r13,%r12), %rdi
	callq	*%rax
	testq	%rax, %rax
	je	.LBB6_106
	movq	%rax, %rbp
	movq	24(%rax), %rax
	testq	%r14, %r14
	movq	%rax, %r14
	jns	.LBB6_8
	movb	$45, (%r14)
.LBB6_8:
	leaq	1(%r13,%r12), %rax
	movq	%rax, 80(%rsp)
	testq	%rbx, %rbx
	jle	.LBB6_11
	addq	%r12, %r13
	movabsq	$-3689348814741910323, %rax
	addq	%r14, %r13
	.p2align	4
.LBB6_10:
	movq	%rbx, %rdx
	mulxq	%rax, %rcx, %rcx
	movl	%ebx, %esi
	shrq	$3, %rcx
	leal	(%rcx,%rcx), %edx
	leal	(%rdx,%rdx,4), %edx
	subl	%edx, %esi
	orb	$48, %sil
	movb	%sil, (%r13)
	decq	%r13
	cmpq	$9, %rbx
	movq	%rcx, %rbx
	ja	.LBB6_10
.LBB6_11:
	movabsq	$NRT_incref, %rax
	movq	%r15, %rdi
	callq	*%rax
	movq	24(%r15), %rax
	movq	(%rax), %rbx
	movq	8(%rax), %r12
	movq	%r12, %rax
	leaq	1(%rbx), %r13
	sarq	$2, %rax
	cmpq	%r13, %rax
	jg	.LBB6_74
	cmpq	%r13, %r12
	jl	.LBB6_78
.LBB6_13:
	movq	24(%r15), %rax
	leaq	(%rbx,%rbx,2), %rcx
	movq	80(%rsp), %rdx
	movq	%r15, %rbx
	shlq	$4, %rcx
	movq	%r13, (%rax)
	movq	24(%r15), %rax
	movabsq	$NRT_decref, %r15
	movq	56(%rax,%rcx), %rdi
	movq	%r14, 24(%rax,%rcx)
	movq	%rdx, 32(%rax,%rcx)
	movabsq	$4294967297, %rdx
	movq	%rdx, 40(%rax,%rcx)
	movq	$-1, 48(%rax,%rcx)
	movq	%rbp, 56(%rax,%rcx)
	movq	$0, 64(%rax,%rcx)
	callq	*%r15
	movq	%rbx, %rdi
	movq	%rbx, 80(%rsp)
	callq	*%r15
	movq	88(%rsp), %r13
	movq	%r13, %rbx
	testq	%r13, %r13
	js	.LBB6_16
	jne	.LBB6_17
	movabsq	$".bytes.-7336804527741648176", %rax
	movl	$1, %r14d
	xorl	%ebp, %ebp
	movq	%rax, 104(%rsp)
	jmp	.LBB6_24
.LBB6_16:
	negq	%rbx
.LBB6_17:
	vcvtsi2sd	%rbx, %xmm15, %xmm0
	movabsq	$log10, %rax
	movq	%r13, %r14
	shrq	$63, %r14
	callq	*%rax
	vroundsd	$9, %xmm0, %xmm0, %xmm0
	movabsq	$NRT_MemInfo_alloc, %rax
	vcvttsd2si	%xmm0, %r12
	leaq	2(%r14,%r12), %rdi
	callq	*%rax
	testq	%rax, %rax
	je	.LBB6_106
	movq	%rax, %rbp
	movq	24(%rax), %rax
	testq	%r13, %r13
	jns	.LBB6_20
	movb	$45, (%rax)
.LBB6_20:
	leaq	1(%r14,%r12), %rdi
	movq	%rax, 104(%rsp)
	testq	%rbx, %rbx
	jle	.LBB6_23
	addq	%r12, %r14
	addq	%rax, %r14
	movabsq	$-3689348814741910323, %rax
	.p2align	4
.LBB6_22:
	movq	%rbx, %rdx
	mulxq	%rax, %rcx, %rcx
	movl	%ebx, %esi
	shrq	$3, %rcx
	leal	(%rcx,%rcx), %edx
	leal	(%rdx,%rdx,4), %edx
	subl	%edx, %esi
	orb	$48, %sil
	movb	%sil, (%r14)
	decq	%r14
	cmpq	$9, %rbx
	movq	%rcx, %rbx
	ja	.LBB6_22
.LBB6_23:
	movabsq	$NRT_decref, %r15
	movq	%rdi, %r14
.LBB6_24:
	movq	80(%rsp), %rbx
	movabsq	$NRT_incref, %rax
	movq	%rbx, %rdi
	callq	*%rax
	movq	24(%rbx), %rax
	movq	(%rax), %rbx
	movq	8(%rax), %r12
	movq	%r12, %rax
	leaq	1(%rbx), %r13
	sarq	$2, %rax
	cmpq	%r13, %rax
	jg	.LBB6_82
	cmpq	%r13, %r12
	jl	.LBB6_86
.LBB6_26:
	movq	80(%rsp), %r12
	leaq	(%rbx,%rbx,2), %rcx
	movq	104(%rsp), %rdx
	leaq	144(%rsp), %rdi
	leaq	96(%rsp), %rsi
	movl	$1, %r8d
	movl	$1, %r9d
	vxorpd	%xmm0, %xmm0, %xmm0
	shlq	$4, %rcx
	movq	24(%r12), %rax
	movq	%r13, (%rax)
	movq	24(%r12), %rax
	movq	56(%rax,%rcx), %rbx
	movq	%rdx, 24(%rax,%rcx)
	movabsq	$4294967297, %rdx
	movq	%r14, 32(%rax,%rcx)
	movq	%rdx, 40(%rax,%rcx)
	movq	$-1, 48(%rax,%rcx)
	movq	%rbp, 56(%rax,%rcx)
	movq	$0, 64(%rax,%rcx)
	movabsq	$.bytes.5976972108966109954, %rdx
	movabsq	$_ZN5numba7cpython7unicode9join_listB3v78B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type37list_28unicode_type_29_3civ_3dNone_3e, %rax
	movl	$2, %ecx
	vmovupd	%ymm0, 144(%rsp)
	vmovupd	%ymm0, 160(%rsp)
	movq	$0, 96(%rsp)
	movq	%r12, 24(%rsp)
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%xmm0, 8(%rsp)
	movq	$0, 32(%rsp)
	movq	$-1, (%rsp)
	vzeroupper
	callq	*%rax
	movq	%rbx, %rdi
	movl	%eax, %ebp
	callq	*%r15
	testl	%ebp, %ebp
	jne	.LBB6_65
	vmovapd	144(%rsp), %xmm0
	movl	160(%rsp), %eax
	movl	164(%rsp), %ecx
	movq	168(%rsp), %rdx
	movq	184(%rsp), %rsi
	movq	176(%rsp), %rbx
	leaq	496(%rsp), %rdi
	movl	$1, %r8d
	movl	$1, %r9d
	vxorps	%xmm1, %xmm1, %xmm1
	vmovups	%ymm1, 496(%rsp)
	vmovups	%ymm1, 512(%rsp)
	movq	%rsi, 72(%rsp)
	movq	%rdx, 56(%rsp)
	movl	%ecx, 48(%rsp)
	movl	%eax, 40(%rsp)
	movabsq	$.bytes.4211470532602229068, %rdx
	movabsq	$_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type, %rax
	leaq	248(%rsp), %rsi
	movl	$1, %ecx
	movq	%rbx, 64(%rsp)
	vmovupd	%xmm0, 24(%rsp)
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%xmm0, 8(%rsp)
	movq	$-1, (%rsp)
	vzeroupper
	callq	*%rax
	movq	528(%rsp), %r14
	movq	%r12, %rdi
	movl	%eax, %ebp
	callq	*%r15
	movq	%r12, %rdi
	callq	*%r15
	movq	%r12, %rdi
	callq	*%r15
	testl	%ebp, %ebp
	jne	.LBB6_66
	movl	516(%rsp), %eax
	movl	512(%rsp), %ecx
	movq	%rbx, %rdi
	movq	536(%rsp), %rbx
	movq	520(%rsp), %rbp
	movq	496(%rsp), %r13
	movq	504(%rsp), %r12
	movl	%eax, 80(%rsp)
	movl	%ecx, 88(%rsp)
	callq	*%r15
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%ymm0, 464(%rsp)
	vmovupd	%ymm0, 448(%rsp)
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%xmm0, 64(%rsp)
	movabsq	$".bytes.-2264063819629482732", %rax
	leaq	448(%rsp), %rdi
	leaq	240(%rsp), %rsi
	movq	%rbx, 16(%rsp)
	movq	%r14, 8(%rsp)
	movq	%rbp, (%rsp)
	movq	$-1, 56(%rsp)
	movl	$1, 48(%rsp)
	movl	$1, 40(%rsp)
	movq	$1, 32(%rsp)
	movq	%r13, %rdx
	movq	%r12, %rcx
	movl	88(%rsp), %r8d
	movl	80(%rsp), %r9d
	movq	%rax, 24(%rsp)
	movabsq	$_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type, %rax
	vzeroupper
	callq	*%rax
	testl	%eax, %eax
	jne	.LBB6_67
	movl	464(%rsp), %ecx
	movq	456(%rsp), %rdx
	movq	448(%rsp), %rax
	movl	468(%rsp), %esi
	movl	$24, %edi
	movl	%ecx, 140(%rsp)
	movq	472(%rsp), %rcx
	movq	%rdx, 560(%rsp)
	movq	480(%rsp), %rdx
	movq	%rax, 112(%rsp)
	movl	%esi, 136(%rsp)
	movabsq	$.dtor.list.unicode_type, %rsi
	movabsq	$NRT_MemInfo_new_varsize_dtor, %rax
	movq	%rcx, 552(%rsp)
	movq	488(%rsp), %rcx
	movq	%rdx, 104(%rsp)
	movq	%rcx, 544(%rsp)
	callq	*%rax
	movq	%r14, %rdi
	movq	%rax, %r13
	callq	*%r15
	movabsq	$.const.picklebuf.2b98f4136688ddd3c02912370686f1a00131280c, %rcx
	testq	%r13, %r13
	je	.LBB6_64
	movq	24(%r13), %rax
	movq	%r13, %rdi
	movq	$0, 8(%rax)
	movq	24(%r13), %rax
	movq	$0, (%rax)
	movq	24(%r13), %rax
	movb	$0, 16(%rax)
	movq	24(%r13), %rax
	movq	$0, (%rax)
	movabsq	$NRT_incref, %rax
	callq	*%rax
	movq	128(%rsp), %r12
	movq	%r12, %rbx
	testq	%r12, %r12
	js	.LBB6_33
	jne	.LBB6_34
	movl	$1, %eax
	movabsq	$".bytes.-7336804527741648176", %rcx
	xorl	%ebp, %ebp
	movq	%rax, 88(%rsp)
	movq	%rcx, 80(%rsp)
	jmp	.LBB6_40
.LBB6_33:
	negq	%rbx
.LBB6_34:
	vcvtsi2sd	%rbx, %xmm15, %xmm0
	movabsq	$log10, %rax
	movq	%r12, %r14
	shrq	$63, %r14
	callq	*%rax
	vroundsd	$9, %xmm0, %xmm0, %xmm0
	movabsq	$NRT_MemInfo_alloc, %rax
	vcvttsd2si	%xmm0, %r15
	leaq	2(%r14,%r15), %rdi
	callq	*%rax
	testq	%rax, %rax
	je	.LBB6_106
	movq	%rax, %rbp
	movq	24(%rax), %rax
	movq	%rax, 80(%rsp)
	testq	%r12, %r12
	jns	.LBB6_37
	movb	$45, (%rax)
.LBB6_37:
	leaq	1(%r14,%r15), %rcx
	movq	%rcx, 88(%rsp)
	testq	%rbx, %rbx
	jle	.LBB6_40
	addq	%r15, %r14
	addq	%rax, %r14
	movabsq	$-3689348814741910323, %rax
	.p2align	4
.LBB6_39:
	movq	%rbx, %rdx
	mulxq	%rax, %rcx, %rcx
	movl	%ebx, %esi
	shrq	$3, %rcx
	leal	(%rcx,%rcx), %edx
	leal	(%rdx,%rdx,4), %edx
	subl	%edx, %esi
	orb	$48, %sil
	movb	%sil, (%r14)
	decq	%r14
	cmpq	$9, %rbx
	movq	%rcx, %rbx
	ja	.LBB6_39
.LBB6_40:
	movabsq	$NRT_incref, %rax
	movq	%r13, %rdi
	callq	*%rax
	movq	24(%r13), %rax
	movabsq	$NRT_decref, %r14
	movq	(%rax), %rbx
	movq	8(%rax), %r15
	movq	%r15, %rax
	leaq	1(%rbx), %r12
	sarq	$2, %rax
	cmpq	%r12, %rax
	jg	.LBB6_90
	cmpq	%r12, %r15
	jl	.LBB6_94
.LBB6_42:
	movq	24(%r13), %rax
	leaq	(%rbx,%rbx,2), %rcx
	movq	80(%rsp), %rdx
	movq	88(%rsp), %r8
	movabsq	$4294967297, %rsi
	shlq	$4, %rcx
	movq	%r12, (%rax)
	movq	24(%r13), %rax
	movq	56(%rax,%rcx), %rdi
	movq	%rdx, 24(%rax,%rcx)
	movq	%r8, 32(%rax,%rcx)
	movq	%rsi, 40(%rax,%rcx)
	movq	$-1, 48(%rax,%rcx)
	movq	%rbp, 56(%rax,%rcx)
	movq	$0, 64(%rax,%rcx)
	callq	*%r14
	movq	%r13, %rdi
	callq	*%r14
	movq	120(%rsp), %rbp
	movq	%rbp, %rbx
	testq	%rbp, %rbp
	js	.LBB6_45
	jne	.LBB6_46
	movl	$1, %eax
	movabsq	$".bytes.-7336804527741648176", %rcx
	xorl	%r12d, %r12d
	movq	%rax, 88(%rsp)
	movq	%rcx, 80(%rsp)
	jmp	.LBB6_52
.LBB6_45:
	negq	%rbx
.LBB6_46:
	vcvtsi2sd	%rbx, %xmm15, %xmm0
	movabsq	$log10, %rax
	movq	%rbp, %r14
	shrq	$63, %rbp
	callq	*%rax
	vroundsd	$9, %xmm0, %xmm0, %xmm0
	movabsq	$NRT_MemInfo_alloc, %rax
	vcvttsd2si	%xmm0, %r15
	leaq	2(%rbp,%r15), %rdi
	callq	*%rax
	movabsq	$.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.3, %rcx
	testq	%rax, %rax
	je	.LBB6_64
	movq	%rax, %r12
	movq	24(%rax), %rax
	testq	%r14, %r14
	jns	.LBB6_49
	movb	$45, (%rax)
.LBB6_49:
	leaq	1(%rbp,%r15), %rcx
	movabsq	$NRT_decref, %r14
	movq	%rax, 80(%rsp)
	movq	%rcx, 88(%rsp)
	testq	%rbx, %rbx
	jle	.LBB6_52
	addq	%r15, %rbp
	addq	%rax, %rbp
	movabsq	$-3689348814741910323, %rax
	.p2align	4
.LBB6_51:
	movq	%rbx, %rdx
	mulxq	%rax, %rcx, %rcx
	movl	%ebx, %esi
	shrq	$3, %rcx
	leal	(%rcx,%rcx), %edx
	leal	(%rdx,%rdx,4), %edx
	subl	%edx, %esi
	orb	$48, %sil
	movb	%sil, (%rbp)
	decq	%rbp
	cmpq	$9, %rbx
	movq	%rcx, %rbx
	ja	.LBB6_51
.LBB6_52:
	movabsq	$NRT_incref, %rax
	movq	%r13, %rdi
	callq	*%rax
	movq	24(%r13), %rax
	movq	(%rax), %rbx
	movq	8(%rax), %r15
	movq	%r15, %rax
	leaq	1(%rbx), %rbp
	sarq	$2, %rax
	cmpq	%rbp, %rax
	jg	.LBB6_98
	cmpq	%rbp, %r15
	jl	.LBB6_102
.LBB6_54:
	movq	24(%r13), %rax
	leaq	(%rbx,%rbx,2), %rcx
	movq	80(%rsp), %rdx
	movq	88(%rsp), %rdi
	movabsq	$4294967297, %rsi
	movl	$1, %r8d
	movl	$1, %r9d
	vxorpd	%xmm0, %xmm0, %xmm0
	shlq	$4, %rcx
	movq	%rbp, (%rax)
	movq	24(%r13), %rax
	movq	56(%rax,%rcx), %rbx
	movq	%rdx, 24(%rax,%rcx)
	movq	%rdi, 32(%rax,%rcx)
	movq	%rsi, 40(%rax,%rcx)
	movq	$-1, 48(%rax,%rcx)
	movq	%r12, 56(%rax,%rcx)
	movq	$0, 64(%rax,%rcx)
	movabsq	$.bytes.5976972108966109954, %rdx
	leaq	144(%rsp), %rdi
	leaq	96(%rsp), %rsi
	movl	$2, %ecx
	movabsq	$_ZN5numba7cpython7unicode9join_listB3v78B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type37list_28unicode_type_29_3civ_3dNone_3e, %rax
	vmovupd	%ymm0, 144(%rsp)
	vmovupd	%ymm0, 160(%rsp)
	movq	$0, 96(%rsp)
	movq	%r13, 24(%rsp)
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%xmm0, 8(%rsp)
	movq	$0, 32(%rsp)
	movq	$-1, (%rsp)
	vzeroupper
	callq	*%rax
	movq	%rbx, %rdi
	movl	%eax, %ebp
	callq	*%r14
	testl	%ebp, %ebp
	jne	.LBB6_68
	vmovapd	144(%rsp), %xmm0
	movl	160(%rsp), %eax
	movl	164(%rsp), %ecx
	movq	168(%rsp), %rdx
	movq	184(%rsp), %rsi
	movq	176(%rsp), %rbx
	leaq	400(%rsp), %rdi
	movl	$1, %r8d
	movl	$1, %r9d
	vxorps	%xmm1, %xmm1, %xmm1
	vmovups	%ymm1, 400(%rsp)
	vmovups	%ymm1, 416(%rsp)
	movq	%rsi, 72(%rsp)
	movq	%rdx, 56(%rsp)
	movl	%ecx, 48(%rsp)
	movl	%eax, 40(%rsp)
	movabsq	$.bytes.4211470532602229068, %rdx
	leaq	232(%rsp), %rsi
	movl	$1, %ecx
	movabsq	$_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type, %rax
	movq	%rbx, 64(%rsp)
	vmovupd	%xmm0, 24(%rsp)
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%xmm0, 8(%rsp)
	movq	$-1, (%rsp)
	vzeroupper
	callq	*%rax
	movq	432(%rsp), %rcx
	movq	%r13, %rdi
	movl	%eax, %ebp
	movq	%rcx, 80(%rsp)
	callq	*%r14
	movq	%r13, %rdi
	callq	*%r14
	movq	%r13, %rdi
	callq	*%r14
	testl	%ebp, %ebp
	jne	.LBB6_69
	movl	420(%rsp), %ecx
	movq	%r14, %rax
	movq	440(%rsp), %r14
	movq	424(%rsp), %rbp
	movl	416(%rsp), %r12d
	movq	400(%rsp), %r13
	movq	408(%rsp), %r15
	movq	%rbx, %rdi
	movl	%ecx, 88(%rsp)
	callq	*%rax
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%ymm0, 592(%rsp)
	vmovupd	%ymm0, 576(%rsp)
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%xmm0, 64(%rsp)
	movabsq	$".bytes.-2264063819629482732", %rax
	leaq	576(%rsp), %rdi
	leaq	224(%rsp), %rsi
	movq	%r14, 16(%rsp)
	movq	%rbp, (%rsp)
	movq	$-1, 56(%rsp)
	movl	$1, 48(%rsp)
	movl	$1, 40(%rsp)
	movq	$1, 32(%rsp)
	movq	%r13, %rdx
	movq	%r15, %rcx
	movl	%r12d, %r8d
	movq	80(%rsp), %rbx
	movl	88(%rsp), %r9d
	movq	%rax, 24(%rsp)
	movabsq	$_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type, %rax
	movq	%rbx, 8(%rsp)
	vzeroupper
	callq	*%rax
	movabsq	$_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type, %r10
	testl	%eax, %eax
	jne	.LBB6_70
	vmovapd	576(%rsp), %xmm0
	movq	600(%rsp), %rcx
	movl	596(%rsp), %edx
	movl	592(%rsp), %esi
	movq	608(%rsp), %r12
	movq	616(%rsp), %rax
	leaq	352(%rsp), %rdi
	movl	$1, %r8d
	movl	$1, %r9d
	vxorps	%xmm1, %xmm1, %xmm1
	vmovups	%ymm1, 352(%rsp)
	vmovups	%ymm1, 368(%rsp)
	movq	%rcx, 56(%rsp)
	movl	%edx, 48(%rsp)
	movl	%esi, 40(%rsp)
	movabsq	$.bytes.9048173940395422652, %rdx
	leaq	216(%rsp), %rsi
	movl	$29, %ecx
	movq	%rax, 72(%rsp)
	movq	%r12, 64(%rsp)
	vmovupd	%xmm0, 24(%rsp)
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%xmm0, 8(%rsp)
	movq	$-1, (%rsp)
	vzeroupper
	callq	*%r10
	movq	384(%rsp), %r14
	movq	%rbx, %rdi
	movabsq	$NRT_decref, %rbx
	movl	%eax, %ebp
	callq	*%rbx
	testl	%ebp, %ebp
	jne	.LBB6_71
	movl	372(%rsp), %ecx
	movl	368(%rsp), %edx
	movq	%rbx, %rax
	movq	392(%rsp), %rbp
	movq	376(%rsp), %rbx
	movq	352(%rsp), %r15
	movq	360(%rsp), %r13
	movq	%r12, %rdi
	movl	%ecx, 80(%rsp)
	movl	%edx, 88(%rsp)
	callq	*%rax
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%ymm0, 320(%rsp)
	vmovupd	%ymm0, 304(%rsp)
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%xmm0, 64(%rsp)
	movabsq	$.bytes.2653909834887079282, %rax
	leaq	304(%rsp), %rdi
	leaq	208(%rsp), %rsi
	movq	%rbp, 16(%rsp)
	movq	%r14, %rbp
	movq	%r14, 8(%rsp)
	movq	%rbx, (%rsp)
	movq	$-1, 56(%rsp)
	movl	$1, 48(%rsp)
	movl	$1, 40(%rsp)
	movq	$21, 32(%rsp)
	movq	%r15, %rdx
	movq	%r13, %rcx
	movl	88(%rsp), %r8d
	movl	80(%rsp), %r9d
	movq	%rax, 24(%rsp)
	movabsq	$_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type, %rax
	vzeroupper
	callq	*%rax
	testl	%eax, %eax
	jne	.LBB6_72
	movl	324(%rsp), %eax
	movl	320(%rsp), %ecx
	movq	336(%rsp), %r15
	movq	344(%rsp), %rbx
	movq	328(%rsp), %r14
	movq	304(%rsp), %r12
	movq	312(%rsp), %r13
	movq	%rbp, %rdi
	movl	%eax, 80(%rsp)
	movabsq	$NRT_decref, %rax
	movl	%ecx, 88(%rsp)
	callq	*%rax
	movl	136(%rsp), %ecx
	movq	544(%rsp), %rax
	movq	552(%rsp), %rdi
	movl	140(%rsp), %esi
	movq	104(%rsp), %rbp
	movq	560(%rsp), %rdx
	movl	88(%rsp), %r8d
	movl	80(%rsp), %r9d
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%ymm0, 272(%rsp)
	vmovupd	%ymm0, 256(%rsp)
	movq	%rbx, 16(%rsp)
	movq	%r15, 128(%rsp)
	movq	%r15, 8(%rsp)
	movq	%r14, (%rsp)
	movl	%ecx, 48(%rsp)
	movq	112(%rsp), %rcx
	movq	%rax, 72(%rsp)
	movq	%rdi, 56(%rsp)
	movl	%esi, 40(%rsp)
	leaq	256(%rsp), %rdi
	leaq	200(%rsp), %rsi
	movabsq	$_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type, %rax
	movq	%rdx, 32(%rsp)
	movq	%rbp, 64(%rsp)
	movq	%r12, %rdx
	movq	%rcx, 24(%rsp)
	movq	%r13, %rcx
	vzeroupper
	callq	*%rax
	testl	%eax, %eax
	jne	.LBB6_73
	movl	272(%rsp), %eax
	movl	276(%rsp), %esi
	movq	280(%rsp), %rdx
	movq	288(%rsp), %r12
	movq	296(%rsp), %rcx
	movq	256(%rsp), %r15
	movq	264(%rsp), %r13
	movl	%eax, 80(%rsp)
	movabsq	$NRT_incref, %rax
	movq	%r12, %rdi
	movl	%esi, 88(%rsp)
	movq	%rdx, 120(%rsp)
	movq	%rcx, 112(%rsp)
	callq	*%rax
	movabsq	$NRT_Allocate, %rax
	movl	$48, %edi
	callq	*%rax
	movq	128(%rsp), %rdi
	movabsq	$NRT_decref, %r14
	movq	%rax, %rbx
	callq	*%r14
	movq	%rbp, %rdi
	callq	*%r14
	movabsq	$.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.80, %rcx
	testq	%rbx, %rbx
	je	.LBB6_64
	movl	80(%rsp), %eax
	movl	88(%rsp), %edi
	movq	120(%rsp), %rsi
	movq	112(%rsp), %rdx
	movq	%r15, (%rbx)
	movq	%r13, 8(%rbx)
	movq	%rcx, %r14
	movl	%eax, 16(%rbx)
	movl	%edi, 20(%rbx)
	movl	$40, %edi
	movabsq	$NRT_Allocate, %rax
	movq	%rsi, 24(%rbx)
	movq	%r12, 32(%rbx)
	movq	%rdx, 40(%rbx)
	callq	*%rax
	movq	%r14, %rcx
	testq	%rax, %rax
	je	.LBB6_64
	movabsq	$.const.pickledata.538f24ddc49600304aad96856f43891e57e289a3, %rcx
	movabsq	$__excinfo_unwrap_args2a69829f126f4a7013ea1e2468c3325e564f5cc6, %rdx
	movq	%rcx, (%rax)
	movl	$406, 8(%rax)
	movq	%rbx, 16(%rax)
	movq	%rdx, 24(%rax)
	movl	$1, 32(%rax)
.LBB6_63:
	movq	%rax, %rcx
.LBB6_64:
	movq	568(%rsp), %rax
	movq	%rcx, (%rax)
	movl	$1, %eax
	addq	$632, %rsp
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%r12
	.cfi_def_cfa_offset 40
	popq	%r13
	.cfi_def_cfa_offset 32
	popq	%r14
	.cfi_def_cfa_offset 24
	popq	%r15
	.cfi_def_cfa_offset 16
	popq	%rbp
	.cfi_def_cfa_offset 8
	retq
.LBB6_106:
	.cfi_def_cfa_offset 688
	movabsq	$.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.3, %rcx
	jmp	.LBB6_64
.LBB6_65:
	movq	96(%rsp), %rbx
	movq	%r12, %rdi
	callq	*%r15
	movq	%rbx, %rcx
	jmp	.LBB6_64
.LBB6_66:
	movq	248(%rsp), %rcx
	jmp	.LBB6_64
.LBB6_67:
	movq	240(%rsp), %rcx
	jmp	.LBB6_64
.LBB6_68:
	movq	96(%rsp), %rbx
	movq	%r13, %rdi
	callq	*%r14
	movq	%rbx, %rcx
	jmp	.LBB6_64
.LBB6_69:
	movq	232(%rsp), %rcx
	jmp	.LBB6_64
.LBB6_70:
	movq	224(%rsp), %rcx
	jmp	.LBB6_64
.LBB6_71:
	movq	216(%rsp), %rcx
	jmp	.LBB6_64
.LBB6_72:
	movq	208(%rsp), %rcx
	jmp	.LBB6_64
.LBB6_73:
	movq	200(%rsp), %rcx
	jmp	.LBB6_64
.LBB6_74:
	imulq	$48, %r13, %rsi
	addq	$24, %rsi
	seto	%al
	imulq	$48, %r13, %rcx
	movabsq	$.const.picklebuf.5921baa131084dff173015c39fdadd5e38b9f41e, %rcx
	jo	.LBB6_64
	testb	%al, %al
	jne	.LBB6_64
	movabsq	$NRT_MemInfo_varsize_realloc, %rax
	movq	%r15, %rdi
	callq	*%rax
	movabsq	$.const.picklebuf.5921baa131084dff173015c39fdadd5e38b9f41e, %rcx
	testq	%rax, %rax
	je	.LBB6_64
	movq	24(%r15), %rax
	movq	%r13, 8(%rax)
	cmpq	%r13, %r12
	jge	.LBB6_13
.LBB6_78:
	movq	%r13, %rax
	sarq	$2, %rax
	movq	%r14, %r12
	leaq	9(%rbx,%rax), %r14
	imulq	$48, %r14, %rsi
	addq	$24, %rsi
	seto	%al
	imulq	$48, %r14, %rcx
	movabsq	$.const.picklebuf.5921baa131084dff173015c39fdadd5e38b9f41e, %rcx
	jo	.LBB6_64
	testb	%al, %al
	jne	.LBB6_64
	movabsq	$NRT_MemInfo_varsize_realloc, %rax
	movq	%r15, %rdi
	callq	*%rax
	movabsq	$.const.picklebuf.5921baa131084dff173015c39fdadd5e38b9f41e, %rcx
	testq	%rax, %rax
	je	.LBB6_64
	movq	24(%r15), %rax
	xorl	%esi, %esi
	movq	%r14, 8(%rax)
	movq	24(%r15), %rax
	movq	(%rax), %rcx
	leaq	(%rcx,%rcx,2), %rdx
	subq	%rcx, %r14
	shlq	$4, %r14
	shlq	$4, %rdx
	leaq	24(%rax,%rdx), %rdi
	leaq	(%r14,%r14,2), %rdx
	movabsq	$memset, %rax
	callq	*%rax
	movq	%r12, %r14
	jmp	.LBB6_13
.LBB6_82:
	imulq	$48, %r13, %rsi
	movq	%r14, 88(%rsp)
	addq	$24, %rsi
	seto	%al
	imulq	$48, %r13, %rcx
	movabsq	$.const.picklebuf.5921baa131084dff173015c39fdadd5e38b9f41e, %rcx
	jo	.LBB6_64
	movq	80(%rsp), %r14
	movq	%rcx, %r15
	testb	%al, %al
	jne	.LBB6_109
	movabsq	$NRT_MemInfo_varsize_realloc, %rax
	movq	%r14, %rdi
	callq	*%rax
	movq	%r15, %rcx
	testq	%rax, %rax
	je	.LBB6_64
	movq	24(%r14), %rax
	movq	88(%rsp), %r14
	movabsq	$NRT_decref, %r15
	movq	%r13, 8(%rax)
	cmpq	%r13, %r12
	jge	.LBB6_26
.LBB6_86:
	movq	%r13, %rax
	sarq	$2, %rax
	leaq	9(%rbx,%rax), %r15
	imulq	$48, %r15, %rsi
	addq	$24, %rsi
	seto	%al
	imulq	$48, %r15, %rcx
	movabsq	$.const.picklebuf.5921baa131084dff173015c39fdadd5e38b9f41e, %rcx
	jo	.LBB6_64
	movq	%r14, %r12
	movq	80(%rsp), %r14
	testb	%al, %al
	jne	.LBB6_64
	movabsq	$NRT_MemInfo_varsize_realloc, %rax
	movq	%r14, %rdi
	callq	*%rax
	movabsq	$.const.picklebuf.5921baa131084dff173015c39fdadd5e38b9f41e, %rcx
	testq	%rax, %rax
	je	.LBB6_64
	movq	24(%r14), %rax
	xorl	%esi, %esi
	movq	%r15, 8(%rax)
	movq	24(%r14), %rax
	movq	(%rax), %rcx
	leaq	(%rcx,%rcx,2), %rdx
	subq	%rcx, %r15
	shlq	$4, %r15
	shlq	$4, %rdx
	leaq	24(%rax,%rdx), %rdi
	leaq	(%r15,%r15,2), %rdx
	movabsq	$memset, %rax
	callq	*%rax
	movabsq	$NRT_decref, %r15
	movq	%r12, %r14
	jmp	.LBB6_26
.LBB6_90:
	imulq	$48, %r12, %rsi
	addq	$24, %rsi
	seto	%al
	imulq	$48, %r12, %rcx
	movabsq	$.const.picklebuf.5921baa131084dff173015c39fdadd5e38b9f41e, %rcx
	jo	.LBB6_64
	movq	%rcx, %r14
	testb	%al, %al
	jne	.LBB6_110
	movabsq	$NRT_MemInfo_varsize_realloc, %rax
	movq	%r13, %rdi
	callq	*%rax
	movq	%r14, %rcx
	testq	%rax, %rax
	je	.LBB6_64
	movq	24(%r13), %rax
	movabsq	$NRT_decref, %r14
	movq	%r12, 8(%rax)
	cmpq	%r12, %r15
	jge	.LBB6_42
.LBB6_94:
	movq	%r12, %rax
	sarq	$2, %rax
	leaq	9(%rbx,%rax), %r15
	imulq	$48, %r15, %rsi
	addq	$24, %rsi
	seto	%al
	imulq	$48, %r15, %rcx
	movabsq	$.const.picklebuf.5921baa131084dff173015c39fdadd5e38b9f41e, %rcx
	jo	.LBB6_64
	movq	%rcx, %r14
	testb	%al, %al
	jne	.LBB6_110
	movabsq	$NRT_MemInfo_varsize_realloc, %rax
	movq	%r13, %rdi
	callq	*%rax
	movq	%r14, %rcx
	testq	%rax, %rax
	je	.LBB6_64
	movq	24(%r13), %rax
	xorl	%esi, %esi
	movq	%r15, 8(%rax)
	movq	24(%r13), %rax
	movq	(%rax), %rcx
	leaq	(%rcx,%rcx,2), %rdx
	subq	%rcx, %r15
	shlq	$4, %r15
	shlq	$4, %rdx
	leaq	24(%rax,%rdx), %rdi
	leaq	(%r15,%r15,2), %rdx
	movabsq	$memset, %rax
	callq	*%rax
	movabsq	$NRT_decref, %r14
	jmp	.LBB6_42
.LBB6_98:
	imulq	$48, %rbp, %rsi
	addq	$24, %rsi
	seto	%al
	imulq	$48, %rbp, %rcx
	movabsq	$.const.picklebuf.5921baa131084dff173015c39fdadd5e38b9f41e, %rcx
	jo	.LBB6_64
	movq	%rcx, %r14
	testb	%al, %al
	jne	.LBB6_110
	movabsq	$NRT_MemInfo_varsize_realloc, %rax
	movq	%r13, %rdi
	callq	*%rax
	movq	%r14, %rcx
	testq	%rax, %rax
	je	.LBB6_64
	movq	24(%r13), %rax
	movabsq	$NRT_decref, %r14
	movq	%rbp, 8(%rax)
	cmpq	%rbp, %r15
	jge	.LBB6_54
.LBB6_102:
	movq	%rbp, %rax
	sarq	$2, %rax
	leaq	9(%rbx,%rax), %r15
	imulq	$48, %r15, %rsi
	addq	$24, %rsi
	seto	%al
	imulq	$48, %r15, %rcx
	movabsq	$.const.picklebuf.5921baa131084dff173015c39fdadd5e38b9f41e, %rcx
	jo	.LBB6_64
	movq	%rcx, %r14
	testb	%al, %al
	jne	.LBB6_110
	movabsq	$NRT_MemInfo_varsize_realloc, %rax
	movq	%r13, %rdi
	callq	*%rax
	movq	%r14, %rcx
	testq	%rax, %rax
	je	.LBB6_64
	movq	24(%r13), %rax
	xorl	%esi, %esi
	movq	%r15, 8(%rax)
	movq	24(%r13), %rax
	movq	(%rax), %rcx
	leaq	(%rcx,%rcx,2), %rdx
	subq	%rcx, %r15
	shlq	$4, %r15
	shlq	$4, %rdx
	leaq	24(%rax,%rdx), %rdi
	leaq	(%r15,%r15,2), %rdx
	movabsq	$memset, %rax
	callq	*%rax
	movabsq	$NRT_decref, %r14
	jmp	.LBB6_54
.LBB6_110:
	movq	%r14, %rcx
	jmp	.LBB6_64
.LBB6_109:
	movq	%r15, %rcx
	jmp	.LBB6_64
.Lfunc_end6:
	.size	_ZN5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB3v56B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE8UniTupleIxLi2EE, .Lfunc_end6-_ZN5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB3v56B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE8UniTupleIxLi2EE
	.cfi_endproc

	.weak	.dtor.list.unicode_type
	.p2align	4
	.type	.dtor.list.unicode_type,@function
.dtor.list.unicode_type:
	.cfi_startproc
	pushq	%r15
	.cfi_def_cfa_offset 16
	pushq	%r14
	.cfi_def_cfa_offset 24
	pushq	%rbx
	.cfi_def_cfa_offset 32
	.cfi_offset %rbx, -32
	.cfi_offset %r14, -24
	.cfi_offset %r15, -16
	movq	(%rdi), %r14
	testq	%r14, %r14
	jle	.LBB7_3
	movq	%rdi, %rbx
	addq	$56, %rbx
	movabsq	$NRT_decref, %r15
	.p2align	4
.LBB7_2:
	movq	(%rbx), %rdi
	callq	*%r15
	addq	$48, %rbx
	decq	%r14
	jne	.LBB7_2
.LBB7_3:
	popq	%rbx
	.cfi_def_cfa_offset 24
	popq	%r14
	.cfi_def_cfa_offset 16
	popq	%r15
	.cfi_def_cfa_offset 8
	retq
.Lfunc_end7:
	.size	.dtor.list.unicode_type, .Lfunc_end7-.dtor.list.unicode_type
	.cfi_endproc

	.weak	_ZN5numba7cpython7unicode9join_listB3v78B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type37list_28unicode_type_29_3civ_3dNone_3e
	.p2align	4
	.type	_ZN5numba7cpython7unicode9join_listB3v78B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type37list_28unicode_type_29_3civ_3dNone_3e,@function
_ZN5numba7cpython7unicode9join_listB3v78B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type37list_28unicode_type_29_3civ_3dNone_3e:
	.cfi_startproc
	pushq	%rbp
	.cfi_def_cfa_offset 16
	pushq	%r15
	.cfi_def_cfa_offset 24
	pushq	%r14
	.cfi_def_cfa_offset 32
	pushq	%r13
	.cfi_def_cfa_offset 40
	pushq	%r12
	.cfi_def_cfa_offset 48
	pushq	%rbx
	.cfi_def_cfa_offset 56
	subq	$168, %rsp
	.cfi_def_cfa_offset 224
	.cfi_offset %rbx, -56
	.cfi_offset %r12, -48
	.cfi_offset %r13, -40
	.cfi_offset %r14, -32
	.cfi_offset %r15, -24
	.cfi_offset %rbp, -16
	movq	232(%rsp), %r12
	movq	248(%rsp), %r15
	movabsq	$NRT_incref, %rbp
	movq	%rdi, %rbx
	movq	%r9, 56(%rsp)
	movq	%r8, 48(%rsp)
	movq	%rcx, %r13
	movq	%rdx, 120(%rsp)
	movq	%rsi, %r14
	movq	$0, 88(%rsp)
	movq	$0, 80(%rsp)
	movq	$0, 72(%rsp)
	movq	%r12, %rdi
	callq	*%rbp
	movq	%r15, %rdi
	callq	*%rbp
	movq	24(%r15), %rax
	movq	(%rax), %rax
	testq	%rax, %rax
	je	.LBB8_1
	movq	%rax, 104(%rsp)
	decq	%rax
	movq	%r15, %rdi
	movq	%rbx, 96(%rsp)
	movq	%rax, 40(%rsp)
	imulq	%r13, %rax
	movq	%rax, 8(%rsp)
	callq	*%rbp
	movq	24(%r15), %rax
	movq	%r14, 24(%rsp)
	movq	%r13, 112(%rsp)
	cmpq	$0, (%rax)
	jle	.LBB8_17
	cmpl	$1, 56(%rsp)
	movl	$56, %r12d
	movq	48(%rsp), %rcx
	movl	%ecx, (%rsp)
	sete	%bpl
	xorl	%r14d, %r14d
	jmp	.LBB8_19
	.p2align	4
.LBB8_29:
	movl	$4, (%rsp)
.LBB8_30:
	movabsq	$NRT_decref, %rax
	movq	%rbx, %rdi
	incq	%r14
	callq	*%rax
	cmpl	$1, %r15d
	movq	16(%rsp), %rcx
	movq	248(%rsp), %r15
	sete	%al
	addq	$48, %r12
	andb	%al, %bpl
	addq	%rcx, 8(%rsp)
	movq	24(%r15), %rax
	cmpq	(%rax), %r14
	jge	.LBB8_3
.LBB8_19:
	movq	-24(%rax,%r12), %rcx
	movq	(%rax,%r12), %rbx
	movl	-16(%rax,%r12), %r13d
	movl	-12(%rax,%r12), %r15d
	movabsq	$NRT_incref, %rax
	movq	%rbx, %rdi
	movq	%rcx, 16(%rsp)
	callq	*%rax
	movl	(%rsp), %eax
	testl	%eax, %eax
	je	.LBB8_20
	testl	%r13d, %r13d
	je	.LBB8_20
	cmpl	$1, %eax
	je	.LBB8_24
	cmpl	$4, %eax
	je	.LBB8_29
	cmpl	$2, %eax
	jne	.LBB8_27
	xorl	%eax, %eax
	cmpl	$4, %r13d
	sete	%al
	leal	2(%rax,%rax), %eax
	movl	%eax, (%rsp)
	jmp	.LBB8_30
	.p2align	4
.LBB8_24:
	movl	%r13d, (%rsp)
	jmp	.LBB8_30
.LBB8_1:
	movabsq	$.bytes.7426612343885133214, %rax
	movabsq	$4294967297, %rcx
	vxorps	%xmm0, %xmm0, %xmm0
	movq	%r12, %rdi
	movq	%rax, (%rbx)
	movq	$0, 8(%rbx)
	movq	%rcx, 16(%rbx)
	movq	$-1, 24(%rbx)
	vmovups	%xmm0, 32(%rbx)
	movabsq	$NRT_decref, %rbx
	callq	*%rbx
	movq	%r15, %rdi
	jmp	.LBB8_2
.LBB8_17:
	movq	48(%rsp), %rax
	movl	%eax, %edx
	movq	56(%rsp), %rax
	movl	%eax, 4(%rsp)
	cmpl	$4, %edx
	jbe	.LBB8_5
	jmp	.LBB8_34
.LBB8_20:
	movabsq	$.const.picklebuf.83149161b0efc692d67f17db695bf2e20afa63b5, %rcx
	jmp	.LBB8_21
.LBB8_3:
	movq	24(%rsp), %r14
	movl	(%rsp), %edx
	movzbl	%bpl, %eax
	movabsq	$NRT_incref, %rbp
	movl	%eax, 4(%rsp)
	cmpl	$4, %edx
	ja	.LBB8_34
.LBB8_5:
	movabsq	$.LJTI8_0, %rcx
	movl	%edx, %eax
	movabsq	$.const.picklebuf.c502890c6267f01112e045204659b1d36ddd9d50, %rbx
	jmpq	*(%rcx,%rax,8)
.LBB8_7:
	movl	$2, %eax
	jmp	.LBB8_8
.LBB8_6:
	movl	$4, %eax
.LBB8_8:
	movq	8(%rsp), %rcx
	movl	%edx, (%rsp)
	leaq	1(%rcx), %rdi
	imulq	%rax, %rdi
	movabsq	$NRT_MemInfo_alloc, %rax
	callq	*%rax
	testq	%rax, %rax
	je	.LBB8_9
	movq	%rax, 64(%rsp)
	movq	24(%rax), %rax
	movq	%rax, 16(%rsp)
	movl	(%rsp), %eax
	cmpl	$4, %eax
	je	.LBB8_15
	cmpl	$2, %eax
	je	.LBB8_14
	cmpl	$1, %eax
	jne	.LBB8_13
	movq	8(%rsp), %rax
	movq	16(%rsp), %rcx
	movb	$0, (%rcx,%rax)
	jmp	.LBB8_32
.LBB8_34:
	movabsq	$.const.picklebuf.f1b7fb04c48ec275548795a7db56fc61abc2c702, %rbx
	jmp	.LBB8_35
.LBB8_14:
	movq	8(%rsp), %rax
	movq	16(%rsp), %rcx
	movw	$0, (%rcx,%rax,2)
	jmp	.LBB8_32
.LBB8_15:
	movq	8(%rsp), %rax
	movq	16(%rsp), %rcx
	movl	$0, (%rcx,%rax,4)
.LBB8_32:
	movabsq	$NRT_decref, %rax
	movq	%r15, %rdi
	callq	*%rax
	movq	24(%r15), %rax
	cmpq	$0, (%rax)
	jle	.LBB8_33
	movq	24(%rax), %rcx
	movq	56(%rax), %rbx
	movq	32(%rax), %r14
	movl	44(%rax), %r12d
	movq	48(%rax), %r13
	movq	64(%rax), %r15
	movq	%rcx, 32(%rsp)
	movq	%rbp, %rcx
	movl	40(%rax), %ebp
	movq	%rbx, %rdi
	callq	*%rcx
	subq	$112, %rsp
	.cfi_adjust_cfa_offset 112
	movq	144(%rsp), %rax
	movq	%r14, 96(%rsp)
	movq	%r15, 80(%rsp)
	movq	%rbx, 72(%rsp)
	movq	%r13, 64(%rsp)
	movl	%r12d, 56(%rsp)
	movl	%ebp, 48(%rsp)
	movq	%r14, 40(%rsp)
	vxorps	%xmm0, %xmm0, %xmm0
	leaq	272(%rsp), %rdi
	leaq	200(%rsp), %rsi
	movq	%rax, 32(%rsp)
	vmovups	%xmm0, 16(%rsp)
	movabsq	$_ZN5numba7cpython7unicode8_strncpyB3v84B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typex12unicode_typexx, %rax
	movq	$0, 88(%rsp)
	movq	$-1, (%rsp)
	movq	176(%rsp), %r13
	movq	128(%rsp), %rdx
	movq	120(%rsp), %rcx
	movl	112(%rsp), %r8d
	movl	116(%rsp), %r9d
	movq	%r13, 8(%rsp)
	callq	*%rax
	addq	$112, %rsp
	.cfi_adjust_cfa_offset -112
	testl	%eax, %eax
	jne	.LBB8_39
	movabsq	$NRT_decref, %rax
	movq	%rbx, %rdi
	callq	*%rax
	cmpq	$0, 40(%rsp)
	jle	.LBB8_49
	movl	$1, %ebp
	movl	$112, %r12d
	.p2align	4
.LBB8_42:
	subq	$8, %rsp
	.cfi_adjust_cfa_offset 8
	movq	120(%rsp), %rbx
	movq	24(%rsp), %rdx
	movq	16(%rsp), %rcx
	movl	8(%rsp), %r8d
	movl	12(%rsp), %r9d
	leaq	160(%rsp), %rdi
	leaq	88(%rsp), %rsi
	pushq	%rbx
	.cfi_adjust_cfa_offset 8
	pushq	$0
	.cfi_adjust_cfa_offset 8
	pushq	264(%rsp)
	.cfi_adjust_cfa_offset 8
	pushq	264(%rsp)
	.cfi_adjust_cfa_offset 8
	pushq	264(%rsp)
	.cfi_adjust_cfa_offset 8
	pushq	104(%rsp)
	.cfi_adjust_cfa_offset 8
	pushq	104(%rsp)
	.cfi_adjust_cfa_offset 8
	pushq	%rbx
	.cfi_adjust_cfa_offset 8
	pushq	192(%rsp)
	.cfi_adjust_cfa_offset 8
	pushq	%r14
	.cfi_adjust_cfa_offset 8
	pushq	$0
	.cfi_adjust_cfa_offset 8
	pushq	%r13
	.cfi_adjust_cfa_offset 8
	pushq	$-1
	.cfi_adjust_cfa_offset 8
	movabsq	$_ZN5numba7cpython7unicode8_strncpyB3v84B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typex12unicode_typexx, %rax
	callq	*%rax
	addq	$112, %rsp
	.cfi_adjust_cfa_offset -112
	testl	%eax, %eax
	movq	248(%rsp), %rax
	jne	.LBB8_50
	movq	24(%rax), %rax
	cmpq	(%rax), %rbp
	jge	.LBB8_44
	movq	-40(%rax,%r12), %rcx
	addq	%rbx, %r14
	movq	-16(%rax,%r12), %rdx
	movq	-8(%rax,%r12), %rbx
	movq	%rbp, %r15
	movq	-32(%rax,%r12), %rbp
	movq	(%rax,%r12), %r13
	movq	%rcx, 40(%rsp)
	movl	-24(%rax,%r12), %ecx
	movq	%rdx, 128(%rsp)
	movq	%rbx, %rdi
	movq	%rcx, 32(%rsp)
	movl	-20(%rax,%r12), %ecx
	movabsq	$NRT_incref, %rax
	movq	%rcx, 136(%rsp)
	callq	*%rax
	subq	$8, %rsp
	.cfi_adjust_cfa_offset 8
	movq	24(%rsp), %rdx
	movq	16(%rsp), %rcx
	movl	8(%rsp), %r8d
	movl	12(%rsp), %r9d
	leaq	152(%rsp), %rdi
	leaq	80(%rsp), %rsi
	pushq	%rbp
	.cfi_adjust_cfa_offset 8
	pushq	$0
	.cfi_adjust_cfa_offset 8
	pushq	%r13
	movq	96(%rsp), %r10
	.cfi_adjust_cfa_offset 8
	pushq	%rbx
	.cfi_adjust_cfa_offset 8
	pushq	168(%rsp)
	movabsq	$_ZN5numba7cpython7unicode8_strncpyB3v84B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typex12unicode_typexx, %rax
	.cfi_adjust_cfa_offset 8
	pushq	184(%rsp)
	.cfi_adjust_cfa_offset 8
	pushq	88(%rsp)
	.cfi_adjust_cfa_offset 8
	pushq	%rbp
	.cfi_adjust_cfa_offset 8
	pushq	112(%rsp)
	.cfi_adjust_cfa_offset 8
	pushq	%r14
	.cfi_adjust_cfa_offset 8
	pushq	$0
	.cfi_adjust_cfa_offset 8
	movq	%r10, %r13
	pushq	%r10
	.cfi_adjust_cfa_offset 8
	pushq	$-1
	.cfi_adjust_cfa_offset 8
	callq	*%rax
	addq	$112, %rsp
	.cfi_adjust_cfa_offset -112
	testl	%eax, %eax
	jne	.LBB8_47
	movabsq	$NRT_decref, %rax
	movq	%rbx, %rdi
	incq	%r15
	callq	*%rax
	addq	%rbp, %r14
	addq	$48, %r12
	movq	%r15, %rbp
	cmpq	%r15, 104(%rsp)
	jne	.LBB8_42
.LBB8_49:
	movq	96(%rsp), %rax
	movq	16(%rsp), %rcx
	movq	8(%rsp), %rdi
	movl	(%rsp), %esi
	movl	4(%rsp), %edx
	movabsq	$NRT_decref, %rbx
	movq	%rcx, (%rax)
	movq	%rdi, 8(%rax)
	movq	232(%rsp), %rdi
	movl	%esi, 16(%rax)
	movl	%edx, 20(%rax)
	movq	$-1, 24(%rax)
	movq	%r13, 32(%rax)
	movq	$0, 40(%rax)
	callq	*%rbx
	movq	248(%rsp), %rdi
.LBB8_2:
	callq	*%rbx
	xorl	%eax, %eax
	jmp	.LBB8_37
.LBB8_13:
	movabsq	$.const.picklebuf.e67c2244ca44472c10be3ab1d2671bf4f43d8733, %rbx
.LBB8_35:
	movabsq	$NRT_decref, %rax
	movq	%r15, %rdi
	callq	*%rax
	movq	%rbx, (%r14)
	jmp	.LBB8_36
.LBB8_27:
	movabsq	$.const.picklebuf.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2, %rcx
.LBB8_21:
	movq	24(%rsp), %rax
	movq	%rcx, (%rax)
	jmp	.LBB8_36
.LBB8_50:
	movq	80(%rsp), %rax
	jmp	.LBB8_45
.LBB8_47:
	movq	72(%rsp), %rax
	jmp	.LBB8_45
.LBB8_44:
	movabsq	$.const.picklebuf.5753419f7c3c9d9e41a51c7a572cce1624a39a7f, %rax
	jmp	.LBB8_45
.LBB8_39:
	movq	88(%rsp), %rax
.LBB8_45:
	movq	24(%rsp), %rcx
	movq	%rax, (%rcx)
.LBB8_36:
	movl	$1, %eax
.LBB8_37:
	addq	$168, %rsp
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%r12
	.cfi_def_cfa_offset 40
	popq	%r13
	.cfi_def_cfa_offset 32
	popq	%r14
	.cfi_def_cfa_offset 24
	popq	%r15
	.cfi_def_cfa_offset 16
	popq	%rbp
	.cfi_def_cfa_offset 8
	retq
.LBB8_9:
	.cfi_def_cfa_offset 224
	movabsq	$.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.12, %rbx
	jmp	.LBB8_35
.LBB8_33:
	movabsq	$.const.picklebuf.5753419f7c3c9d9e41a51c7a572cce1624a39a7f, %rax
	movq	%rax, (%r14)
	jmp	.LBB8_36
.Lfunc_end8:
	.size	_ZN5numba7cpython7unicode9join_listB3v78B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type37list_28unicode_type_29_3civ_3dNone_3e, .Lfunc_end8-_ZN5numba7cpython7unicode9join_listB3v78B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type37list_28unicode_type_29_3civ_3dNone_3e
	.cfi_endproc
	.section	.rodata,"a",@progbits
	.p2align	3, 0x0
.LJTI8_0:
	.quad	.LBB8_35
	.quad	.LBB8_8
	.quad	.LBB8_7
	.quad	.LBB8_34
	.quad	.LBB8_6

	.section	.rodata.cst16,"aM",@progbits,16
	.p2align	4, 0x0
.LCPI9_0:
	.byte	0
	.byte	4
	.byte	8
	.byte	12
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
.LCPI9_2:
	.byte	0
	.byte	2
	.byte	4
	.byte	6
	.byte	8
	.byte	10
	.byte	12
	.byte	14
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.section	.rodata.cst32,"aM",@progbits,32
	.p2align	5, 0x0
.LCPI9_1:
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.section	.ltext,"axl",@progbits
	.weak	_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type
	.p2align	4
	.type	_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type,@function
_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type:
	.cfi_startproc
	pushq	%rbp
	.cfi_def_cfa_offset 16
	pushq	%r15
	.cfi_def_cfa_offset 24
	pushq	%r14
	.cfi_def_cfa_offset 32
	pushq	%r13
	.cfi_def_cfa_offset 40
	pushq	%r12
	.cfi_def_cfa_offset 48
	pushq	%rbx
	.cfi_def_cfa_offset 56
	subq	$40, %rsp
	.cfi_def_cfa_offset 96
	.cfi_offset %rbx, -56
	.cfi_offset %r12, -48
	.cfi_offset %r13, -40
	.cfi_offset %r14, -32
	.cfi_offset %r15, -24
	.cfi_offset %rbp, -16
	movq	%rdi, 32(%rsp)
	movq	104(%rsp), %rdi
	movq	160(%rsp), %r12
	movabsq	$NRT_incref, %r15
	movl	%r9d, %r14d
	movl	%r8d, %ebx
	movq	%rcx, 16(%rsp)
	movq	%rdx, %rbp
	movq	%rsi, %r13
	callq	*%r15
	movq	%r12, %rdi
	callq	*%r15
	movabsq	$.const.picklebuf.83149161b0efc692d67f17db695bf2e20afa63b5.19, %rax
	testl	%ebx, %ebx
	je	.LBB9_12
	movl	136(%rsp), %r15d
	testl	%r15d, %r15d
	je	.LBB9_12
	movl	144(%rsp), %eax
	cmpl	$1, %ebx
	je	.LBB9_7
	movq	16(%rsp), %rcx
	cmpl	$4, %ebx
	je	.LBB9_6
	cmpl	$2, %ebx
	jne	.LBB9_11
	cmpl	$4, %r15d
	jne	.LBB9_13
.LBB9_6:
	xorl	$1, %r14d
	xorl	$1, %eax
	orl	%r14d, %eax
	movl	$4, %eax
	movl	$4, %r14d
	sete	15(%rsp)
	jmp	.LBB9_17
.LBB9_7:
	movq	16(%rsp), %rcx
	xorl	$1, %r14d
	xorl	$1, %eax
	orl	%r14d, %eax
	sete	%al
	cmpl	$1, %r15d
	je	.LBB9_15
	cmpl	$4, %r15d
	je	.LBB9_14
	cmpl	$2, %r15d
	jne	.LBB9_71
	movb	%al, 15(%rsp)
	movl	$2, %eax
	jmp	.LBB9_16
.LBB9_11:
	movabsq	$.const.picklebuf.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2.20, %rax
.LBB9_12:
	movq	%rax, (%r13)
	movl	$1, %eax
	jmp	.LBB9_139
.LBB9_13:
	xorl	$1, %r14d
	xorl	$1, %eax
	orl	%r14d, %eax
	movl	$2, %eax
	movl	$2, %r14d
	sete	15(%rsp)
	jmp	.LBB9_17
.LBB9_14:
	movb	%al, 15(%rsp)
	movl	$4, %eax
	jmp	.LBB9_16
.LBB9_15:
	movb	%al, 15(%rsp)
	movl	%r15d, %eax
.LBB9_16:
	movl	%r15d, %r14d
.LBB9_17:
	movq	128(%rsp), %r12
	leaq	(%r12,%rcx), %rdx
	leaq	1(%rdx), %rdi
	movq	%rdx, 24(%rsp)
	imulq	%rax, %rdi
	movabsq	$NRT_MemInfo_alloc, %rax
	callq	*%rax
	testq	%rax, %rax
	je	.LBB9_99
	movq	24(%rax), %r13
	cmpl	$4, %r14d
	je	.LBB9_21
	movq	16(%rsp), %r11
	cmpl	$2, %r14d
	jne	.LBB9_22
	movq	24(%rsp), %rcx
	movw	$0, (%r13,%rcx,2)
	testq	%r11, %r11
	jg	.LBB9_23
	jmp	.LBB9_124
.LBB9_21:
	movq	24(%rsp), %rcx
	movq	16(%rsp), %r11
	movl	$0, (%r13,%rcx,4)
	testq	%r11, %r11
	jg	.LBB9_23
	jmp	.LBB9_124
.LBB9_22:
	movq	24(%rsp), %rcx
	movb	$0, (%r13,%rcx)
	testq	%r11, %r11
	jle	.LBB9_124
.LBB9_23:
	cmpl	$1, %r14d
	je	.LBB9_27
	movl	%r11d, %ecx
	andl	$7, %ecx
	cmpl	$2, %r14d
	jne	.LBB9_32
	cmpq	$8, %r11
	jae	.LBB9_34
	xorl	%edx, %edx
	jmp	.LBB9_44
.LBB9_27:
	cmpl	$1, %ebx
	je	.LBB9_74
	cmpl	$2, %ebx
	je	.LBB9_72
	cmpl	$4, %ebx
	jne	.LBB9_78
	cmpq	$4, %r11
	jb	.LBB9_31
	leaq	(%rbp,%r11,4), %rcx
	leaq	(%r13,%r11), %rdx
	cmpq	%rcx, %r13
	setb	%cl
	cmpq	%rdx, %rbp
	setb	%dl
	testb	%dl, %cl
	je	.LBB9_97
.LBB9_31:
	xorl	%ecx, %ecx
.LBB9_119:
	movl	%r11d, %esi
	subl	%ecx, %esi
	movq	%rcx, %rdx
	andl	$7, %esi
	je	.LBB9_122
	movq	%rcx, %rdx
	.p2align	4
.LBB9_121:
	movzbl	(%rbp,%rdx,4), %edi
	decq	%rsi
	movb	%dil, (%r13,%rdx)
	leaq	1(%rdx), %rdx
	jne	.LBB9_121
.LBB9_122:
	subq	%r11, %rcx
	cmpq	$-8, %rcx
	ja	.LBB9_124
	.p2align	4
.LBB9_123:
	movzbl	(%rbp,%rdx,4), %ecx
	movb	%cl, (%r13,%rdx)
	movzbl	4(%rbp,%rdx,4), %ecx
	movb	%cl, 1(%r13,%rdx)
	movzbl	8(%rbp,%rdx,4), %ecx
	movb	%cl, 2(%r13,%rdx)
	movzbl	12(%rbp,%rdx,4), %ecx
	movb	%cl, 3(%r13,%rdx)
	movzbl	16(%rbp,%rdx,4), %ecx
	movb	%cl, 4(%r13,%rdx)
	movzbl	20(%rbp,%rdx,4), %ecx
	movb	%cl, 5(%r13,%rdx)
	movzbl	24(%rbp,%rdx,4), %ecx
	movb	%cl, 6(%r13,%rdx)
	movzbl	28(%rbp,%rdx,4), %ecx
	movb	%cl, 7(%r13,%rdx)
	addq	$8, %rdx
	cmpq	%rdx, %r11
	jne	.LBB9_123
	jmp	.LBB9_124
.LBB9_32:
	cmpq	$8, %r11
	jae	.LBB9_53
	xorl	%edx, %edx
	jmp	.LBB9_63
.LBB9_34:
	movabsq	$9223372036854775800, %rdx
	xorl	%esi, %esi
	andq	%r11, %rdx
	jmp	.LBB9_37
	.p2align	4
.LBB9_35:
	movzwl	(%rbp,%rsi,2), %edi
	movw	%di, (%r13,%rsi,2)
	movzwl	2(%rbp,%rsi,2), %edi
	movw	%di, 2(%r13,%rsi,2)
	movzwl	4(%rbp,%rsi,2), %edi
	movw	%di, 4(%r13,%rsi,2)
	movzwl	6(%rbp,%rsi,2), %edi
	movw	%di, 6(%r13,%rsi,2)
	movzwl	8(%rbp,%rsi,2), %edi
	movw	%di, 8(%r13,%rsi,2)
	movzwl	10(%rbp,%rsi,2), %edi
	movw	%di, 10(%r13,%rsi,2)
	movzwl	12(%rbp,%rsi,2), %edi
	movw	%di, 12(%r13,%rsi,2)
	movzwl	14(%rbp,%rsi,2), %edi
.LBB9_36:
	movw	%di, 14(%r13,%rsi,2)
	addq	$8, %rsi
	cmpq	%rsi, %rdx
	je	.LBB9_43
.LBB9_37:
	cmpl	$1, %ebx
	je	.LBB9_41
	cmpl	$2, %ebx
	je	.LBB9_35
	cmpl	$4, %ebx
	jne	.LBB9_42
	movzwl	(%rbp,%rsi,4), %edi
	movw	%di, (%r13,%rsi,2)
	movzwl	4(%rbp,%rsi,4), %edi
	movw	%di, 2(%r13,%rsi,2)
	movzwl	8(%rbp,%rsi,4), %edi
	movw	%di, 4(%r13,%rsi,2)
	movzwl	12(%rbp,%rsi,4), %edi
	movw	%di, 6(%r13,%rsi,2)
	movzwl	16(%rbp,%rsi,4), %edi
	movw	%di, 8(%r13,%rsi,2)
	movzwl	20(%rbp,%rsi,4), %edi
	movw	%di, 10(%r13,%rsi,2)
	movzwl	24(%rbp,%rsi,4), %edi
	movw	%di, 12(%r13,%rsi,2)
	movzwl	28(%rbp,%rsi,4), %edi
	jmp	.LBB9_36
	.p2align	4
.LBB9_41:
	movzbl	(%rbp,%rsi), %edi
	movw	%di, (%r13,%rsi,2)
	movzbl	1(%rbp,%rsi), %edi
	movw	%di, 2(%r13,%rsi,2)
	movzbl	2(%rbp,%rsi), %edi
	movw	%di, 4(%r13,%rsi,2)
	movzbl	3(%rbp,%rsi), %edi
	movw	%di, 6(%r13,%rsi,2)
	movzbl	4(%rbp,%rsi), %edi
	movw	%di, 8(%r13,%rsi,2)
	movzbl	5(%rbp,%rsi), %edi
	movw	%di, 10(%r13,%rsi,2)
	movzbl	6(%rbp,%rsi), %edi
	movw	%di, 12(%r13,%rsi,2)
	movzbl	7(%rbp,%rsi), %edi
	jmp	.LBB9_36
	.p2align	4
.LBB9_42:
	movq	$0, 6(%r13,%rsi,2)
	xorl	%edi, %edi
	movq	$0, (%r13,%rsi,2)
	jmp	.LBB9_36
.LBB9_43:
	testq	%rcx, %rcx
	je	.LBB9_124
.LBB9_44:
	leaq	(%r13,%rdx,2), %rsi
	leaq	(%rbp,%rdx), %rdi
	leaq	(%rbp,%rdx,2), %r8
	leaq	(%rbp,%rdx,4), %rdx
	xorl	%r9d, %r9d
	jmp	.LBB9_47
	.p2align	4
.LBB9_45:
	movzwl	(%r8,%r9,2), %r10d
.LBB9_46:
	movw	%r10w, (%rsi,%r9,2)
	incq	%r9
	cmpq	%r9, %rcx
	je	.LBB9_124
.LBB9_47:
	cmpl	$1, %ebx
	je	.LBB9_51
	cmpl	$2, %ebx
	je	.LBB9_45
	cmpl	$4, %ebx
	jne	.LBB9_52
	movzwl	(%rdx,%r9,4), %r10d
	jmp	.LBB9_46
	.p2align	4
.LBB9_51:
	movzbl	(%rdi,%r9), %r10d
	jmp	.LBB9_46
	.p2align	4
.LBB9_52:
	xorl	%r10d, %r10d
	jmp	.LBB9_46
.LBB9_53:
	movabsq	$9223372036854775800, %rdx
	xorl	%esi, %esi
	vpxor	%xmm0, %xmm0, %xmm0
	andq	%r11, %rdx
	jmp	.LBB9_56
	.p2align	4
.LBB9_54:
	movzwl	(%rbp,%rsi,2), %edi
	movl	%edi, (%r13,%rsi,4)
	movzwl	2(%rbp,%rsi,2), %edi
	movl	%edi, 4(%r13,%rsi,4)
	movzwl	4(%rbp,%rsi,2), %edi
	movl	%edi, 8(%r13,%rsi,4)
	movzwl	6(%rbp,%rsi,2), %edi
	movl	%edi, 12(%r13,%rsi,4)
	movzwl	8(%rbp,%rsi,2), %edi
	movl	%edi, 16(%r13,%rsi,4)
	movzwl	10(%rbp,%rsi,2), %edi
	movl	%edi, 20(%r13,%rsi,4)
	movzwl	12(%rbp,%rsi,2), %edi
	movl	%edi, 24(%r13,%rsi,4)
	movzwl	14(%rbp,%rsi,2), %edi
.LBB9_55:
	movl	%edi, 28(%r13,%rsi,4)
	addq	$8, %rsi
	cmpq	%rsi, %rdx
	je	.LBB9_62
.LBB9_56:
	cmpl	$1, %ebx
	je	.LBB9_60
	cmpl	$2, %ebx
	je	.LBB9_54
	cmpl	$4, %ebx
	jne	.LBB9_61
	movl	(%rbp,%rsi,4), %edi
	movl	%edi, (%r13,%rsi,4)
	movl	4(%rbp,%rsi,4), %edi
	movl	%edi, 4(%r13,%rsi,4)
	movl	8(%rbp,%rsi,4), %edi
	movl	%edi, 8(%r13,%rsi,4)
	movl	12(%rbp,%rsi,4), %edi
	movl	%edi, 12(%r13,%rsi,4)
	movl	16(%rbp,%rsi,4), %edi
	movl	%edi, 16(%r13,%rsi,4)
	movl	20(%rbp,%rsi,4), %edi
	movl	%edi, 20(%r13,%rsi,4)
	movl	24(%rbp,%rsi,4), %edi
	movl	%edi, 24(%r13,%rsi,4)
	movl	28(%rbp,%rsi,4), %edi
	jmp	.LBB9_55
	.p2align	4
.LBB9_60:
	movzbl	(%rbp,%rsi), %edi
	movl	%edi, (%r13,%rsi,4)
	movzbl	1(%rbp,%rsi), %edi
	movl	%edi, 4(%r13,%rsi,4)
	movzbl	2(%rbp,%rsi), %edi
	movl	%edi, 8(%r13,%rsi,4)
	movzbl	3(%rbp,%rsi), %edi
	movl	%edi, 12(%r13,%rsi,4)
	movzbl	4(%rbp,%rsi), %edi
	movl	%edi, 16(%r13,%rsi,4)
	movzbl	5(%rbp,%rsi), %edi
	movl	%edi, 20(%r13,%rsi,4)
	movzbl	6(%rbp,%rsi), %edi
	movl	%edi, 24(%r13,%rsi,4)
	movzbl	7(%rbp,%rsi), %edi
	jmp	.LBB9_55
	.p2align	4
.LBB9_61:
	vmovdqu	%xmm0, 12(%r13,%rsi,4)
	xorl	%edi, %edi
	vmovdqu	%xmm0, (%r13,%rsi,4)
	jmp	.LBB9_55
.LBB9_62:
	testq	%rcx, %rcx
	je	.LBB9_124
.LBB9_63:
	leaq	(%r13,%rdx,4), %rsi
	leaq	(%rbp,%rdx), %rdi
	leaq	(%rbp,%rdx,2), %r8
	leaq	(%rbp,%rdx,4), %rdx
	xorl	%r9d, %r9d
	jmp	.LBB9_66
	.p2align	4
.LBB9_64:
	movzwl	(%r8,%r9,2), %r10d
.LBB9_65:
	movl	%r10d, (%rsi,%r9,4)
	incq	%r9
	cmpq	%r9, %rcx
	je	.LBB9_124
.LBB9_66:
	cmpl	$1, %ebx
	je	.LBB9_70
	cmpl	$2, %ebx
	je	.LBB9_64
	movl	$0, %r10d
	cmpl	$4, %ebx
	jne	.LBB9_65
	movl	(%rdx,%r9,4), %r10d
	jmp	.LBB9_65
	.p2align	4
.LBB9_70:
	movzbl	(%rdi,%r9), %r10d
	jmp	.LBB9_65
.LBB9_71:
	movabsq	$.const.picklebuf.f1b7fb04c48ec275548795a7db56fc61abc2c702.21, %rax
	jmp	.LBB9_12
.LBB9_72:
	cmpq	$8, %r11
	jb	.LBB9_73
	leaq	(%rbp,%r11,2), %rcx
	leaq	(%r13,%r11), %rdx
	cmpq	%rcx, %r13
	setb	%cl
	cmpq	%rdx, %rbp
	setb	%dl
	testb	%dl, %cl
	je	.LBB9_83
.LBB9_73:
	xorl	%ecx, %ecx
.LBB9_107:
	movq	%r11, %rsi
	andq	$7, %rsi
	movq	%rcx, %rdx
	je	.LBB9_110
	movq	%rcx, %rdx
	.p2align	4
.LBB9_109:
	movzbl	(%rbp,%rdx,2), %edi
	decq	%rsi
	movb	%dil, (%r13,%rdx)
	leaq	1(%rdx), %rdx
	jne	.LBB9_109
.LBB9_110:
	subq	%r11, %rcx
	cmpq	$-8, %rcx
	ja	.LBB9_124
	.p2align	4
.LBB9_111:
	movzbl	(%rbp,%rdx,2), %ecx
	movb	%cl, (%r13,%rdx)
	movzbl	2(%rbp,%rdx,2), %ecx
	movb	%cl, 1(%r13,%rdx)
	movzbl	4(%rbp,%rdx,2), %ecx
	movb	%cl, 2(%r13,%rdx)
	movzbl	6(%rbp,%rdx,2), %ecx
	movb	%cl, 3(%r13,%rdx)
	movzbl	8(%rbp,%rdx,2), %ecx
	movb	%cl, 4(%r13,%rdx)
	movzbl	10(%rbp,%rdx,2), %ecx
	movb	%cl, 5(%r13,%rdx)
	movzbl	12(%rbp,%rdx,2), %ecx
	movb	%cl, 6(%r13,%rdx)
	movzbl	14(%rbp,%rdx,2), %ecx
	movb	%cl, 7(%r13,%rdx)
	addq	$8, %rdx
	cmpq	%rdx, %r11
	jne	.LBB9_111
	jmp	.LBB9_124
.LBB9_74:
	xorl	%ecx, %ecx
	cmpq	$8, %r11
	jb	.LBB9_92
	movq	%r13, %rdx
	subq	%rbp, %rdx
	cmpq	$128, %rdx
	jb	.LBB9_92
	movabsq	$9223372036854775800, %rdx
	cmpq	$128, %r11
	jae	.LBB9_85
	xorl	%ecx, %ecx
	jmp	.LBB9_89
.LBB9_78:
	movabsq	$memset, %rcx
	movq	%r13, %rdi
	xorl	%esi, %esi
	movq	%r11, %rdx
	movq	%rax, %rbx
	callq	*%rcx
	movq	16(%rsp), %r11
	movq	%rbx, %rax
	jmp	.LBB9_124
.LBB9_83:
	movabsq	$9223372036854775800, %rdx
	cmpq	$64, %r11
	jae	.LBB9_100
	xorl	%ecx, %ecx
	jmp	.LBB9_104
.LBB9_97:
	movabsq	$9223372036854775800, %rdx
	movabsq	$.LCPI9_0, %rsi
	cmpq	$32, %r11
	jae	.LBB9_112
	xorl	%ecx, %ecx
	jmp	.LBB9_116
.LBB9_85:
	leaq	-120(%rdx), %rcx
	xorl	%esi, %esi
	andq	%r11, %rcx
.LBB9_86:
	vmovdqu	(%rbp,%rsi), %ymm0
	vmovdqu	32(%rbp,%rsi), %ymm1
	vmovdqu	64(%rbp,%rsi), %ymm2
	vmovdqu	96(%rbp,%rsi), %ymm3
	vmovdqu	%ymm0, (%r13,%rsi)
	vmovdqu	%ymm1, 32(%r13,%rsi)
	vmovdqu	%ymm2, 64(%r13,%rsi)
	vmovdqu	%ymm3, 96(%r13,%rsi)
	subq	$-128, %rsi
	cmpq	%rsi, %rcx
	jne	.LBB9_86
	cmpq	%rcx, %r11
	je	.LBB9_124
	testb	$120, %r11b
	je	.LBB9_92
.LBB9_89:
	andq	%r11, %rdx
	.p2align	4
.LBB9_90:
	movq	(%rbp,%rcx), %rsi
	movq	%rsi, (%r13,%rcx)
	addq	$8, %rcx
	cmpq	%rcx, %rdx
	jne	.LBB9_90
	movq	%rdx, %rcx
	cmpq	%rdx, %r11
	je	.LBB9_124
.LBB9_92:
	movq	%r11, %rsi
	andq	$7, %rsi
	movq	%rcx, %rdx
	je	.LBB9_95
	movq	%rcx, %rdx
	.p2align	4
.LBB9_94:
	movzbl	(%rbp,%rdx), %edi
	decq	%rsi
	movb	%dil, (%r13,%rdx)
	leaq	1(%rdx), %rdx
	jne	.LBB9_94
.LBB9_95:
	subq	%r11, %rcx
	cmpq	$-8, %rcx
	ja	.LBB9_124
.LBB9_96:
	movzbl	(%rbp,%rdx), %ecx
	movb	%cl, (%r13,%rdx)
	movzbl	1(%rbp,%rdx), %ecx
	movb	%cl, 1(%r13,%rdx)
	movzbl	2(%rbp,%rdx), %ecx
	movb	%cl, 2(%r13,%rdx)
	movzbl	3(%rbp,%rdx), %ecx
	movb	%cl, 3(%r13,%rdx)
	movzbl	4(%rbp,%rdx), %ecx
	movb	%cl, 4(%r13,%rdx)
	movzbl	5(%rbp,%rdx), %ecx
	movb	%cl, 5(%r13,%rdx)
	movzbl	6(%rbp,%rdx), %ecx
	movb	%cl, 6(%r13,%rdx)
	movzbl	7(%rbp,%rdx), %ecx
	movb	%cl, 7(%r13,%rdx)
	addq	$8, %rdx
	cmpq	%rdx, %r11
	jne	.LBB9_96
	jmp	.LBB9_124
.LBB9_99:
	movabsq	$.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.22, %rax
	jmp	.LBB9_12
.LBB9_100:
	movabsq	$.LCPI9_1, %rdi
	leaq	-56(%rdx), %rcx
	xorl	%esi, %esi
	vmovdqa	(%rdi), %ymm0
	andq	%r11, %rcx
.LBB9_101:
	vpand	(%rbp,%rsi,2), %ymm0, %ymm1
	vextracti128	$1, %ymm1, %xmm2
	vpackuswb	%xmm2, %xmm1, %xmm1
	vpand	32(%rbp,%rsi,2), %ymm0, %ymm2
	vextracti128	$1, %ymm2, %xmm3
	vpackuswb	%xmm3, %xmm2, %xmm2
	vpand	64(%rbp,%rsi,2), %ymm0, %ymm3
	vextracti128	$1, %ymm3, %xmm4
	vpackuswb	%xmm4, %xmm3, %xmm3
	vpand	96(%rbp,%rsi,2), %ymm0, %ymm4
	vmovdqu	%xmm1, (%r13,%rsi)
	vmovdqu	%xmm2, 16(%r13,%rsi)
	vmovdqu	%xmm3, 32(%r13,%rsi)
	vextracti128	$1, %ymm4, %xmm5
	vpackuswb	%xmm5, %xmm4, %xmm4
	vmovdqu	%xmm4, 48(%r13,%rsi)
	addq	$64, %rsi
	cmpq	%rsi, %rcx
	jne	.LBB9_101
	cmpq	%rcx, %r11
	je	.LBB9_124
	testb	$56, %r11b
	je	.LBB9_107
.LBB9_104:
	movabsq	$.LCPI9_2, %rsi
	andq	%r11, %rdx
	vmovdqa	(%rsi), %xmm0
.LBB9_105:
	vmovdqu	(%rbp,%rcx,2), %xmm1
	vpshufb	%xmm0, %xmm1, %xmm1
	vmovq	%xmm1, (%r13,%rcx)
	addq	$8, %rcx
	cmpq	%rcx, %rdx
	jne	.LBB9_105
	movq	%rdx, %rcx
	cmpq	%rdx, %r11
	je	.LBB9_124
	jmp	.LBB9_107
.LBB9_112:
	vmovdqa	(%rsi), %xmm0
	leaq	-24(%rdx), %rcx
	xorl	%edi, %edi
	andq	%r11, %rcx
.LBB9_113:
	vmovdqu	(%rbp,%rdi,4), %xmm1
	vmovdqu	16(%rbp,%rdi,4), %xmm2
	vmovdqu	32(%rbp,%rdi,4), %xmm3
	vmovdqu	48(%rbp,%rdi,4), %xmm4
	vmovdqu	96(%rbp,%rdi,4), %xmm5
	vpshufb	%xmm0, %xmm2, %xmm2
	vpshufb	%xmm0, %xmm1, %xmm1
	vpshufb	%xmm0, %xmm3, %xmm3
	vpshufb	%xmm0, %xmm5, %xmm5
	vpunpckldq	%xmm2, %xmm1, %xmm1
	vpshufb	%xmm0, %xmm4, %xmm2
	vmovdqu	64(%rbp,%rdi,4), %xmm4
	vpunpckldq	%xmm2, %xmm3, %xmm2
	vmovdqu	80(%rbp,%rdi,4), %xmm3
	vinserti128	$1, %xmm2, %ymm1, %ymm1
	vpshufb	%xmm0, %xmm4, %xmm4
	vpshufb	%xmm0, %xmm3, %xmm3
	vpunpckldq	%xmm3, %xmm4, %xmm3
	vmovdqu	112(%rbp,%rdi,4), %xmm4
	vpshufb	%xmm0, %xmm4, %xmm4
	vpunpckldq	%xmm4, %xmm5, %xmm4
	vinserti128	$1, %xmm4, %ymm3, %ymm3
	vpunpcklqdq	%ymm3, %ymm1, %ymm1
	vpermq	$216, %ymm1, %ymm1
	vmovdqu	%ymm1, (%r13,%rdi)
	addq	$32, %rdi
	cmpq	%rdi, %rcx
	jne	.LBB9_113
	cmpq	%rcx, %r11
	je	.LBB9_124
	testb	$28, %r11b
	je	.LBB9_119
.LBB9_116:
	vmovdqa	(%rsi), %xmm0
	addq	$4, %rdx
	movq	%rcx, %rdi
	movq	%rdx, %rcx
	andq	%r11, %rcx
.LBB9_117:
	vmovdqu	(%rbp,%rdi,4), %xmm1
	vpshufb	%xmm0, %xmm1, %xmm1
	vmovd	%xmm1, (%r13,%rdi)
	addq	$4, %rdi
	cmpq	%rdi, %rcx
	jne	.LBB9_117
	cmpq	%rcx, %r11
	jne	.LBB9_119
.LBB9_124:
	movzbl	15(%rsp), %ecx
	testq	%r12, %r12
	jle	.LBB9_138
	movq	120(%rsp), %rdx
	leaq	(%r13,%r11,2), %rdi
	leaq	(%r13,%r11,4), %r8
	leaq	(%r13,%r11), %rsi
	xorl	%r9d, %r9d
	jmp	.LBB9_128
	.p2align	4
.LBB9_126:
	movl	%r10d, (%r8,%r9,4)
.LBB9_127:
	incq	%r9
	cmpq	%r9, %r12
	je	.LBB9_138
.LBB9_128:
	cmpl	$4, %r15d
	je	.LBB9_133
	cmpl	$2, %r15d
	je	.LBB9_132
	cmpl	$1, %r15d
	jne	.LBB9_134
	movzbl	(%rdx,%r9), %r10d
	cmpl	$4, %r14d
	jne	.LBB9_135
	jmp	.LBB9_126
	.p2align	4
.LBB9_132:
	movzwl	(%rdx,%r9,2), %r10d
	cmpl	$4, %r14d
	jne	.LBB9_135
	jmp	.LBB9_126
	.p2align	4
.LBB9_133:
	movl	(%rdx,%r9,4), %r10d
	cmpl	$4, %r14d
	jne	.LBB9_135
	jmp	.LBB9_126
	.p2align	4
.LBB9_134:
	xorl	%r10d, %r10d
	cmpl	$4, %r14d
	je	.LBB9_126
.LBB9_135:
	cmpl	$2, %r14d
	jne	.LBB9_137
	movw	%r10w, (%rdi,%r9,2)
	jmp	.LBB9_127
	.p2align	4
.LBB9_137:
	movb	%r10b, (%rsi,%r9)
	jmp	.LBB9_127
.LBB9_138:
	movq	32(%rsp), %rdx
	movq	24(%rsp), %rsi
	movq	160(%rsp), %rdi
	movabsq	$NRT_decref, %rbx
	movq	%r13, (%rdx)
	movq	%rsi, 8(%rdx)
	movl	%r14d, 16(%rdx)
	movl	%ecx, 20(%rdx)
	movq	$-1, 24(%rdx)
	movq	%rax, 32(%rdx)
	movq	$0, 40(%rdx)
	vzeroupper
	callq	*%rbx
	movq	104(%rsp), %rdi
	callq	*%rbx
	xorl	%eax, %eax
.LBB9_139:
	addq	$40, %rsp
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%r12
	.cfi_def_cfa_offset 40
	popq	%r13
	.cfi_def_cfa_offset 32
	popq	%r14
	.cfi_def_cfa_offset 24
	popq	%r15
	.cfi_def_cfa_offset 16
	popq	%rbp
	.cfi_def_cfa_offset 8
	retq
.Lfunc_end9:
	.size	_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type, .Lfunc_end9-_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type
	.cfi_endproc

	.weak	__excinfo_unwrap_args2a69829f126f4a7013ea1e2468c3325e564f5cc6
	.p2align	4
	.type	__excinfo_unwrap_args2a69829f126f4a7013ea1e2468c3325e564f5cc6,@function
__excinfo_unwrap_args2a69829f126f4a7013ea1e2468c3325e564f5cc6:
	pushq	%r15
	pushq	%r14
	pushq	%rbx
	movabsq	$_ZN08NumbaEnv5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB3v56B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE8UniTupleIxLi2EE, %rax
	cmpq	$0, (%rax)
	je	.LBB10_1
	movq	(%rdi), %rsi
	movq	8(%rdi), %rdx
	movl	16(%rdi), %eax
	movq	32(%rdi), %rbx
	movabsq	$PyUnicode_FromKindAndData, %rcx
	movq	%rdi, %r14
	movl	%eax, %edi
	callq	*%rcx
	movq	%rax, %r15
	movabsq	$PyObject_Hash, %rax
	movq	%r15, %rdi
	callq	*%rax
	movabsq	$NRT_decref, %rax
	movq	%rbx, %rdi
	callq	*%rax
	movabsq	$NRT_Free, %rax
	movq	%r14, %rdi
	callq	*%rax
	movabsq	$PyTuple_Pack, %rcx
	movl	$1, %edi
	movq	%r15, %rsi
	xorl	%eax, %eax
	popq	%rbx
	popq	%r14
	popq	%r15
	jmpq	*%rcx
.LBB10_1:
	movabsq	$PyExc_RuntimeError, %rdi
	movabsq	$".const.missing Environment: _ZN08NumbaEnv5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB3v56B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE8UniTupleIxLi2EE", %rsi
	movabsq	$PyErr_SetString, %rax
	callq	*%rax
	xorl	%eax, %eax
	popq	%rbx
	popq	%r14
	popq	%r15
	retq
.Lfunc_end10:
	.size	__excinfo_unwrap_args2a69829f126f4a7013ea1e2468c3325e564f5cc6, .Lfunc_end10-__excinfo_unwrap_args2a69829f126f4a7013ea1e2468c3325e564f5cc6

	.section	.rodata.cst16,"aM",@progbits,16
	.p2align	4, 0x0
.LCPI11_0:
	.byte	0
	.byte	4
	.byte	8
	.byte	12
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
.LCPI11_2:
	.byte	0
	.byte	2
	.byte	4
	.byte	6
	.byte	8
	.byte	10
	.byte	12
	.byte	14
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.zero	1
	.section	.rodata.cst32,"aM",@progbits,32
	.p2align	5, 0x0
.LCPI11_1:
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.short	255
	.section	.ltext,"axl",@progbits
	.weak	_ZN5numba7cpython7unicode8_strncpyB3v84B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typex12unicode_typexx
	.p2align	4
	.type	_ZN5numba7cpython7unicode8_strncpyB3v84B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typex12unicode_typexx,@function
_ZN5numba7cpython7unicode8_strncpyB3v84B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typex12unicode_typexx:
	pushq	%rbp
	pushq	%r15
	pushq	%r14
	pushq	%r12
	pushq	%rbx
	movq	%rdx, %rax
	movq	%rsi, %rcx
	movq	144(%rsp), %rdx
	movq	136(%rsp), %r9
	movl	96(%rsp), %r11d
	movq	80(%rsp), %rsi
	movq	72(%rsp), %r10
	cmpl	%r8d, %r11d
	jne	.LBB11_4
	cmpl	$4, %r11d
	ja	.LBB11_12
	movabsq	$.LJTI11_0, %rbx
	movl	%r11d, %r8d
	movabsq	$.const.picklebuf.c502890c6267f01112e045204659b1d36ddd9d50.12, %r11
	jmpq	*(%rbx,%r8,8)
.LBB11_3:
	movl	$2, %r8d
	jmp	.LBB11_11
.LBB11_4:
	testq	%rdx, %rdx
	jle	.LBB11_118
	cmpl	$1, %r8d
	je	.LBB11_16
	cmpl	$2, %r8d
	je	.LBB11_14
	cmpl	$4, %r8d
	jne	.LBB11_21
	movl	%edx, %ecx
	andl	$7, %ecx
	cmpq	$8, %rdx
	jae	.LBB11_42
	xorl	%edx, %edx
	jmp	.LBB11_52
.LBB11_10:
	movl	$4, %r8d
.LBB11_11:
	imulq	%r8, %r9
	imulq	%r8, %r10
	imulq	%r8, %rdx
	movabsq	$memcpy, %rcx
	movq	%rdi, %rbx
	addq	%r10, %rax
	addq	%r9, %rsi
	movq	%rax, %rdi
	callq	*%rcx
	movq	$0, (%rbx)
	jmp	.LBB11_119
.LBB11_12:
	movabsq	$.const.picklebuf.f1b7fb04c48ec275548795a7db56fc61abc2c702.11, %r11
.LBB11_13:
	movq	%r11, (%rcx)
	jmp	.LBB11_22
.LBB11_14:
	movl	%edx, %ecx
	andl	$7, %ecx
	cmpq	$8, %rdx
	jae	.LBB11_23
	xorl	%edx, %edx
	jmp	.LBB11_33
.LBB11_16:
	cmpl	$1, %r11d
	je	.LBB11_62
	cmpl	$2, %r11d
	je	.LBB11_60
	cmpl	$4, %r11d
	jne	.LBB11_64
	leaq	(%rsi,%r9,4), %r8
	leaq	(%rax,%r10), %rcx
	cmpq	$4, %rdx
	jb	.LBB11_20
	leaq	(%rax,%rdx), %r11
	addq	%r10, %r11
	cmpq	%r11, %r8
	jae	.LBB11_77
	leaq	(%rdx,%r9), %r11
	leaq	(%rsi,%r11,4), %r11
	cmpq	%r11, %rcx
	jae	.LBB11_77
.LBB11_20:
	xorl	%r11d, %r11d
.LBB11_112:
	movl	%edx, %r10d
	subl	%r11d, %r10d
	movq	%r11, %rax
	andl	$7, %r10d
	je	.LBB11_115
	movq	%r11, %rax
	.p2align	4
.LBB11_114:
	movzbl	(%r8,%rax,4), %ebx
	decq	%r10
	movb	%bl, (%rcx,%rax)
	leaq	1(%rax), %rax
	jne	.LBB11_114
.LBB11_115:
	subq	%rdx, %r11
	cmpq	$-8, %r11
	ja	.LBB11_118
	leaq	28(%rsi,%r9,4), %rsi
	addq	$7, %rcx
	.p2align	4
.LBB11_117:
	movzbl	-28(%rsi,%rax,4), %r8d
	movb	%r8b, -7(%rcx,%rax)
	movzbl	-24(%rsi,%rax,4), %r8d
	movb	%r8b, -6(%rcx,%rax)
	movzbl	-20(%rsi,%rax,4), %r8d
	movb	%r8b, -5(%rcx,%rax)
	movzbl	-16(%rsi,%rax,4), %r8d
	movb	%r8b, -4(%rcx,%rax)
	movzbl	-12(%rsi,%rax,4), %r8d
	movb	%r8b, -3(%rcx,%rax)
	movzbl	-8(%rsi,%rax,4), %r8d
	movb	%r8b, -2(%rcx,%rax)
	movzbl	-4(%rsi,%rax,4), %r8d
	movb	%r8b, -1(%rcx,%rax)
	movzbl	(%rsi,%rax,4), %r8d
	movb	%r8b, (%rcx,%rax)
	addq	$8, %rax
	cmpq	%rax, %rdx
	jne	.LBB11_117
	jmp	.LBB11_118
.LBB11_21:
	movabsq	$.const.picklebuf.e67c2244ca44472c10be3ab1d2671bf4f43d8733.13, %rax
	movq	%rax, (%rcx)
.LBB11_22:
	movl	$1, %eax
	jmp	.LBB11_120
.LBB11_23:
	movabsq	$9223372036854775800, %r14
	leaq	7(%rsi,%r9), %r8
	leaq	14(%rsi,%r9,2), %rbx
	leaq	(%rax,%r10,2), %r15
	xorl	%r12d, %r12d
	andq	%r14, %rdx
	leaq	28(%rsi,%r9,4), %r14
	jmp	.LBB11_26
	.p2align	4
.LBB11_24:
	movzwl	-14(%rbx,%r12,2), %ebp
	movw	%bp, (%r15,%r12,2)
	movzwl	-12(%rbx,%r12,2), %ebp
	movw	%bp, 2(%r15,%r12,2)
	movzwl	-10(%rbx,%r12,2), %ebp
	movw	%bp, 4(%r15,%r12,2)
	movzwl	-8(%rbx,%r12,2), %ebp
	movw	%bp, 6(%r15,%r12,2)
	movzwl	-6(%rbx,%r12,2), %ebp
	movw	%bp, 8(%r15,%r12,2)
	movzwl	-4(%rbx,%r12,2), %ebp
	movw	%bp, 10(%r15,%r12,2)
	movzwl	-2(%rbx,%r12,2), %ebp
	movw	%bp, 12(%r15,%r12,2)
	movzwl	(%rbx,%r12,2), %ebp
.LBB11_25:
	movw	%bp, 14(%r15,%r12,2)
	addq	$8, %r12
	cmpq	%r12, %rdx
	je	.LBB11_32
.LBB11_26:
	cmpl	$1, %r11d
	je	.LBB11_30
	cmpl	$2, %r11d
	je	.LBB11_24
	cmpl	$4, %r11d
	jne	.LBB11_31
	movzwl	-28(%r14,%r12,4), %ebp
	movw	%bp, (%r15,%r12,2)
	movzwl	-24(%r14,%r12,4), %ebp
	movw	%bp, 2(%r15,%r12,2)
	movzwl	-20(%r14,%r12,4), %ebp
	movw	%bp, 4(%r15,%r12,2)
	movzwl	-16(%r14,%r12,4), %ebp
	movw	%bp, 6(%r15,%r12,2)
	movzwl	-12(%r14,%r12,4), %ebp
	movw	%bp, 8(%r15,%r12,2)
	movzwl	-8(%r14,%r12,4), %ebp
	movw	%bp, 10(%r15,%r12,2)
	movzwl	-4(%r14,%r12,4), %ebp
	movw	%bp, 12(%r15,%r12,2)
	movzwl	(%r14,%r12,4), %ebp
	jmp	.LBB11_25
	.p2align	4
.LBB11_30:
	movzbl	-7(%r8,%r12), %ebp
	movw	%bp, (%r15,%r12,2)
	movzbl	-6(%r8,%r12), %ebp
	movw	%bp, 2(%r15,%r12,2)
	movzbl	-5(%r8,%r12), %ebp
	movw	%bp, 4(%r15,%r12,2)
	movzbl	-4(%r8,%r12), %ebp
	movw	%bp, 6(%r15,%r12,2)
	movzbl	-3(%r8,%r12), %ebp
	movw	%bp, 8(%r15,%r12,2)
	movzbl	-2(%r8,%r12), %ebp
	movw	%bp, 10(%r15,%r12,2)
	movzbl	-1(%r8,%r12), %ebp
	movw	%bp, 12(%r15,%r12,2)
	movzbl	(%r8,%r12), %ebp
	jmp	.LBB11_25
	.p2align	4
.LBB11_31:
	movq	$0, 6(%r15,%r12,2)
	xorl	%ebp, %ebp
	movq	$0, (%r15,%r12,2)
	jmp	.LBB11_25
.LBB11_32:
	testq	%rcx, %rcx
	je	.LBB11_118
.LBB11_33:
	addq	%rdx, %r10
	addq	%rdx, %r9
	leaq	(%rax,%r10,2), %rax
	leaq	(%rsi,%r9), %rdx
	leaq	(%rsi,%r9,2), %r8
	leaq	(%rsi,%r9,4), %rsi
	xorl	%r9d, %r9d
	jmp	.LBB11_36
	.p2align	4
.LBB11_34:
	movzwl	(%r8,%r9,2), %r10d
.LBB11_35:
	movw	%r10w, (%rax,%r9,2)
	incq	%r9
	cmpq	%r9, %rcx
	je	.LBB11_118
.LBB11_36:
	cmpl	$1, %r11d
	je	.LBB11_40
	cmpl	$2, %r11d
	je	.LBB11_34
	cmpl	$4, %r11d
	jne	.LBB11_41
	movzwl	(%rsi,%r9,4), %r10d
	jmp	.LBB11_35
	.p2align	4
.LBB11_40:
	movzbl	(%rdx,%r9), %r10d
	jmp	.LBB11_35
	.p2align	4
.LBB11_41:
	xorl	%r10d, %r10d
	jmp	.LBB11_35
.LBB11_42:
	movabsq	$9223372036854775800, %r8
	leaq	14(%rsi,%r9,2), %rbx
	leaq	28(%rsi,%r9,4), %r14
	leaq	(%rax,%r10,4), %r15
	xorl	%r12d, %r12d
	vpxor	%xmm0, %xmm0, %xmm0
	andq	%r8, %rdx
	leaq	7(%rsi,%r9), %r8
	jmp	.LBB11_45
	.p2align	4
.LBB11_43:
	movzwl	-14(%rbx,%r12,2), %ebp
	movl	%ebp, (%r15,%r12,4)
	movzwl	-12(%rbx,%r12,2), %ebp
	movl	%ebp, 4(%r15,%r12,4)
	movzwl	-10(%rbx,%r12,2), %ebp
	movl	%ebp, 8(%r15,%r12,4)
	movzwl	-8(%rbx,%r12,2), %ebp
	movl	%ebp, 12(%r15,%r12,4)
	movzwl	-6(%rbx,%r12,2), %ebp
	movl	%ebp, 16(%r15,%r12,4)
	movzwl	-4(%rbx,%r12,2), %ebp
	movl	%ebp, 20(%r15,%r12,4)
	movzwl	-2(%rbx,%r12,2), %ebp
	movl	%ebp, 24(%r15,%r12,4)
	movzwl	(%rbx,%r12,2), %ebp
.LBB11_44:
	movl	%ebp, 28(%r15,%r12,4)
	addq	$8, %r12
	cmpq	%r12, %rdx
	je	.LBB11_51
.LBB11_45:
	cmpl	$1, %r11d
	je	.LBB11_49
	cmpl	$2, %r11d
	je	.LBB11_43
	cmpl	$4, %r11d
	jne	.LBB11_50
	movl	-28(%r14,%r12,4), %ebp
	movl	%ebp, (%r15,%r12,4)
	movl	-24(%r14,%r12,4), %ebp
	movl	%ebp, 4(%r15,%r12,4)
	movl	-20(%r14,%r12,4), %ebp
	movl	%ebp, 8(%r15,%r12,4)
	movl	-16(%r14,%r12,4), %ebp
	movl	%ebp, 12(%r15,%r12,4)
	movl	-12(%r14,%r12,4), %ebp
	movl	%ebp, 16(%r15,%r12,4)
	movl	-8(%r14,%r12,4), %ebp
	movl	%ebp, 20(%r15,%r12,4)
	movl	-4(%r14,%r12,4), %ebp
	movl	%ebp, 24(%r15,%r12,4)
	movl	(%r14,%r12,4), %ebp
	jmp	.LBB11_44
	.p2align	4
.LBB11_49:
	movzbl	-7(%r8,%r12), %ebp
	movl	%ebp, (%r15,%r12,4)
	movzbl	-6(%r8,%r12), %ebp
	movl	%ebp, 4(%r15,%r12,4)
	movzbl	-5(%r8,%r12), %ebp
	movl	%ebp, 8(%r15,%r12,4)
	movzbl	-4(%r8,%r12), %ebp
	movl	%ebp, 12(%r15,%r12,4)
	movzbl	-3(%r8,%r12), %ebp
	movl	%ebp, 16(%r15,%r12,4)
	movzbl	-2(%r8,%r12), %ebp
	movl	%ebp, 20(%r15,%r12,4)
	movzbl	-1(%r8,%r12), %ebp
	movl	%ebp, 24(%r15,%r12,4)
	movzbl	(%r8,%r12), %ebp
	jmp	.LBB11_44
	.p2align	4
.LBB11_50:
	vmovdqu	%xmm0, 12(%r15,%r12,4)
	xorl	%ebp, %ebp
	vmovdqu	%xmm0, (%r15,%r12,4)
	jmp	.LBB11_44
.LBB11_51:
	testq	%rcx, %rcx
	je	.LBB11_118
.LBB11_52:
	addq	%rdx, %r10
	addq	%rdx, %r9
	leaq	(%rax,%r10,4), %rax
	leaq	(%rsi,%r9), %rdx
	leaq	(%rsi,%r9,2), %r8
	leaq	(%rsi,%r9,4), %rsi
	xorl	%r9d, %r9d
	jmp	.LBB11_55
	.p2align	4
.LBB11_53:
	movzwl	(%r8,%r9,2), %r10d
.LBB11_54:
	movl	%r10d, (%rax,%r9,4)
	incq	%r9
	cmpq	%r9, %rcx
	je	.LBB11_118
.LBB11_55:
	cmpl	$1, %r11d
	je	.LBB11_59
	cmpl	$2, %r11d
	je	.LBB11_53
	movl	$0, %r10d
	cmpl	$4, %r11d
	jne	.LBB11_54
	movl	(%rsi,%r9,4), %r10d
	jmp	.LBB11_54
	.p2align	4
.LBB11_59:
	movzbl	(%rdx,%r9), %r10d
	jmp	.LBB11_54
.LBB11_60:
	leaq	(%rsi,%r9,2), %r8
	leaq	(%rax,%r10), %rcx
	cmpq	$8, %rdx
	jb	.LBB11_61
	leaq	(%rax,%rdx), %r11
	addq	%r10, %r11
	cmpq	%r11, %r8
	jae	.LBB11_73
	leaq	(%rdx,%r9), %r11
	leaq	(%rsi,%r11,2), %r11
	cmpq	%r11, %rcx
	jae	.LBB11_73
.LBB11_61:
	xorl	%r11d, %r11d
.LBB11_86:
	movq	%rdx, %r10
	andq	$7, %r10
	movq	%r11, %rax
	je	.LBB11_89
	movq	%r11, %rax
	.p2align	4
.LBB11_88:
	movzbl	(%r8,%rax,2), %ebx
	decq	%r10
	movb	%bl, (%rcx,%rax)
	leaq	1(%rax), %rax
	jne	.LBB11_88
.LBB11_89:
	subq	%rdx, %r11
	cmpq	$-8, %r11
	ja	.LBB11_118
	leaq	14(%rsi,%r9,2), %rsi
	addq	$7, %rcx
	.p2align	4
.LBB11_91:
	movzbl	-14(%rsi,%rax,2), %r8d
	movb	%r8b, -7(%rcx,%rax)
	movzbl	-12(%rsi,%rax,2), %r8d
	movb	%r8b, -6(%rcx,%rax)
	movzbl	-10(%rsi,%rax,2), %r8d
	movb	%r8b, -5(%rcx,%rax)
	movzbl	-8(%rsi,%rax,2), %r8d
	movb	%r8b, -4(%rcx,%rax)
	movzbl	-6(%rsi,%rax,2), %r8d
	movb	%r8b, -3(%rcx,%rax)
	movzbl	-4(%rsi,%rax,2), %r8d
	movb	%r8b, -2(%rcx,%rax)
	movzbl	-2(%rsi,%rax,2), %r8d
	movb	%r8b, -1(%rcx,%rax)
	movzbl	(%rsi,%rax,2), %r8d
	movb	%r8b, (%rcx,%rax)
	addq	$8, %rax
	cmpq	%rax, %rdx
	jne	.LBB11_91
	jmp	.LBB11_118
.LBB11_62:
	leaq	(%rsi,%r9), %rcx
	leaq	(%rax,%r10), %r8
	cmpq	$8, %rdx
	jb	.LBB11_63
	movq	%r8, %r11
	subq	%rcx, %r11
	cmpq	$128, %r11
	jae	.LBB11_75
.LBB11_63:
	xorl	%r11d, %r11d
.LBB11_99:
	movq	%rdx, %rsi
	andq	$7, %rsi
	movq	%r11, %rax
	je	.LBB11_102
	movq	%r11, %rax
	.p2align	4
.LBB11_101:
	movzbl	(%rcx,%rax), %r9d
	decq	%rsi
	movb	%r9b, (%r8,%rax)
	leaq	1(%rax), %rax
	jne	.LBB11_101
.LBB11_102:
	subq	%rdx, %r11
	cmpq	$-8, %r11
	ja	.LBB11_118
	addq	$7, %r8
	addq	$7, %rcx
	.p2align	4
.LBB11_104:
	movzbl	-7(%rcx,%rax), %esi
	movb	%sil, -7(%r8,%rax)
	movzbl	-6(%rcx,%rax), %esi
	movb	%sil, -6(%r8,%rax)
	movzbl	-5(%rcx,%rax), %esi
	movb	%sil, -5(%r8,%rax)
	movzbl	-4(%rcx,%rax), %esi
	movb	%sil, -4(%r8,%rax)
	movzbl	-3(%rcx,%rax), %esi
	movb	%sil, -3(%r8,%rax)
	movzbl	-2(%rcx,%rax), %esi
	movb	%sil, -2(%r8,%rax)
	movzbl	-1(%rcx,%rax), %esi
	movb	%sil, -1(%r8,%rax)
	movzbl	(%rcx,%rax), %esi
	movb	%sil, (%r8,%rax)
	addq	$8, %rax
	cmpq	%rax, %rdx
	jne	.LBB11_104
	jmp	.LBB11_118
.LBB11_64:
	addq	%r10, %rax
	movabsq	$memset, %rcx
	movq	%rdi, %rbx
	xorl	%esi, %esi
	movq	%rax, %rdi
	callq	*%rcx
	movq	%rbx, %rdi
.LBB11_118:
	movq	$0, (%rdi)
.LBB11_119:
	xorl	%eax, %eax
.LBB11_120:
	popq	%rbx
	popq	%r12
	popq	%r14
	popq	%r15
	popq	%rbp
	vzeroupper
	retq
.LBB11_73:
	movabsq	$9223372036854775800, %rbx
	cmpq	$64, %rdx
	jae	.LBB11_79
	xorl	%r11d, %r11d
	jmp	.LBB11_83
.LBB11_77:
	movabsq	$9223372036854775800, %rbx
	movabsq	$.LCPI11_0, %r14
	cmpq	$32, %rdx
	jae	.LBB11_105
	xorl	%r11d, %r11d
	jmp	.LBB11_109
.LBB11_75:
	movabsq	$9223372036854775800, %rbx
	cmpq	$128, %rdx
	jae	.LBB11_92
	xorl	%r11d, %r11d
	jmp	.LBB11_96
.LBB11_79:
	movabsq	$.LCPI11_1, %r15
	leaq	-56(%rbx), %r11
	leaq	48(%r10,%rax), %rax
	leaq	96(%rsi,%r9,2), %r14
	xorl	%r10d, %r10d
	vmovdqa	(%r15), %ymm0
	andq	%rdx, %r11
.LBB11_80:
	vpand	-96(%r14,%r10,2), %ymm0, %ymm1
	vextracti128	$1, %ymm1, %xmm2
	vpackuswb	%xmm2, %xmm1, %xmm1
	vpand	-64(%r14,%r10,2), %ymm0, %ymm2
	vextracti128	$1, %ymm2, %xmm3
	vpackuswb	%xmm3, %xmm2, %xmm2
	vpand	-32(%r14,%r10,2), %ymm0, %ymm3
	vextracti128	$1, %ymm3, %xmm4
	vpackuswb	%xmm4, %xmm3, %xmm3
	vpand	(%r14,%r10,2), %ymm0, %ymm4
	vmovdqu	%xmm1, -48(%rax,%r10)
	vmovdqu	%xmm2, -32(%rax,%r10)
	vmovdqu	%xmm3, -16(%rax,%r10)
	vextracti128	$1, %ymm4, %xmm5
	vpackuswb	%xmm5, %xmm4, %xmm4
	vmovdqu	%xmm4, (%rax,%r10)
	addq	$64, %r10
	cmpq	%r10, %r11
	jne	.LBB11_80
	cmpq	%r11, %rdx
	je	.LBB11_118
	testb	$56, %dl
	je	.LBB11_86
.LBB11_83:
	movabsq	$.LCPI11_2, %rax
	andq	%rdx, %rbx
	vmovdqa	(%rax), %xmm0
.LBB11_84:
	vmovdqu	(%r8,%r11,2), %xmm1
	vpshufb	%xmm0, %xmm1, %xmm1
	vmovq	%xmm1, (%rcx,%r11)
	addq	$8, %r11
	cmpq	%r11, %rbx
	jne	.LBB11_84
	movq	%rbx, %r11
	cmpq	%rbx, %rdx
	je	.LBB11_118
	jmp	.LBB11_86
.LBB11_105:
	vmovdqa	(%r14), %xmm0
	leaq	-24(%rbx), %r11
	leaq	24(%r10,%rax), %rax
	leaq	96(%rsi,%r9,4), %r15
	xorl	%r10d, %r10d
	andq	%rdx, %r11
.LBB11_106:
	vmovdqu	-96(%r15,%r10,4), %xmm1
	vmovdqu	-80(%r15,%r10,4), %xmm2
	vmovdqu	-64(%r15,%r10,4), %xmm3
	vmovdqu	-48(%r15,%r10,4), %xmm4
	vmovdqu	(%r15,%r10,4), %xmm5
	vpshufb	%xmm0, %xmm2, %xmm2
	vpshufb	%xmm0, %xmm1, %xmm1
	vpshufb	%xmm0, %xmm3, %xmm3
	vpshufb	%xmm0, %xmm5, %xmm5
	vpunpckldq	%xmm2, %xmm1, %xmm1
	vpshufb	%xmm0, %xmm4, %xmm2
	vmovdqu	-32(%r15,%r10,4), %xmm4
	vpunpckldq	%xmm2, %xmm3, %xmm2
	vmovdqu	-16(%r15,%r10,4), %xmm3
	vinserti128	$1, %xmm2, %ymm1, %ymm1
	vpshufb	%xmm0, %xmm4, %xmm4
	vpshufb	%xmm0, %xmm3, %xmm3
	vpunpckldq	%xmm3, %xmm4, %xmm3
	vmovdqu	16(%r15,%r10,4), %xmm4
	vpshufb	%xmm0, %xmm4, %xmm4
	vpunpckldq	%xmm4, %xmm5, %xmm4
	vinserti128	$1, %xmm4, %ymm3, %ymm3
	vpunpcklqdq	%ymm3, %ymm1, %ymm1
	vpermq	$216, %ymm1, %ymm1
	vmovdqu	%ymm1, -24(%rax,%r10)
	addq	$32, %r10
	cmpq	%r10, %r11
	jne	.LBB11_106
	cmpq	%r11, %rdx
	je	.LBB11_118
	testb	$28, %dl
	je	.LBB11_112
.LBB11_109:
	vmovdqa	(%r14), %xmm0
	addq	$4, %rbx
	movq	%r11, %rax
	movq	%rbx, %r11
	andq	%rdx, %r11
.LBB11_110:
	vmovdqu	(%r8,%rax,4), %xmm1
	vpshufb	%xmm0, %xmm1, %xmm1
	vmovd	%xmm1, (%rcx,%rax)
	addq	$4, %rax
	cmpq	%rax, %r11
	jne	.LBB11_110
	cmpq	%r11, %rdx
	je	.LBB11_118
	jmp	.LBB11_112
.LBB11_92:
	leaq	-120(%rbx), %r11
	leaq	96(%r9,%rsi), %rsi
	leaq	96(%r10,%rax), %rax
	xorl	%r9d, %r9d
	andq	%rdx, %r11
.LBB11_93:
	vmovdqu	-96(%rsi,%r9), %ymm0
	vmovdqu	-64(%rsi,%r9), %ymm1
	vmovdqu	-32(%rsi,%r9), %ymm2
	vmovdqu	(%rsi,%r9), %ymm3
	vmovdqu	%ymm0, -96(%rax,%r9)
	vmovdqu	%ymm1, -64(%rax,%r9)
	vmovdqu	%ymm2, -32(%rax,%r9)
	vmovdqu	%ymm3, (%rax,%r9)
	subq	$-128, %r9
	cmpq	%r9, %r11
	jne	.LBB11_93
	cmpq	%r11, %rdx
	je	.LBB11_118
	testb	$120, %dl
	je	.LBB11_99
.LBB11_96:
	andq	%rdx, %rbx
.LBB11_97:
	movq	(%rcx,%r11), %rax
	movq	%rax, (%r8,%r11)
	addq	$8, %r11
	cmpq	%r11, %rbx
	jne	.LBB11_97
	movq	%rbx, %r11
	cmpq	%rbx, %rdx
	je	.LBB11_118
	jmp	.LBB11_99
.Lfunc_end11:
	.size	_ZN5numba7cpython7unicode8_strncpyB3v84B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typex12unicode_typexx, .Lfunc_end11-_ZN5numba7cpython7unicode8_strncpyB3v84B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typex12unicode_typexx
	.section	.rodata,"a",@progbits
	.p2align	3, 0x0
.LJTI11_0:
	.quad	.LBB11_13
	.quad	.LBB11_11
	.quad	.LBB11_3
	.quad	.LBB11_12
	.quad	.LBB11_10

	.section	.ltext,"axl",@progbits
	.weak	_ZN5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB4v101B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi1EE8UniTupleIxLi1EE
	.p2align	4
	.type	_ZN5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB4v101B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi1EE8UniTupleIxLi1EE,@function
_ZN5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB4v101B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi1EE8UniTupleIxLi1EE:
	.cfi_startproc
	pushq	%rbp
	.cfi_def_cfa_offset 16
	pushq	%r15
	.cfi_def_cfa_offset 24
	pushq	%r14
	.cfi_def_cfa_offset 32
	pushq	%r13
	.cfi_def_cfa_offset 40
	pushq	%r12
	.cfi_def_cfa_offset 48
	pushq	%rbx
	.cfi_def_cfa_offset 56
	subq	$568, %rsp
	.cfi_def_cfa_offset 624
	.cfi_offset %rbx, -56
	.cfi_offset %r12, -48
	.cfi_offset %r13, -40
	.cfi_offset %r14, -32
	.cfi_offset %r15, -24
	.cfi_offset %rbp, -16
	movabsq	$log10, %rax
	movabsq	$NRT_MemInfo_alloc, %rbp
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%ymm0, 384(%rsp)
	vmovupd	%ymm0, 336(%rsp)
	vmovupd	%ymm0, 464(%rsp)
	vmovupd	%ymm0, 288(%rsp)
	vmovupd	%ymm0, 240(%rsp)
	vmovupd	%ymm0, 192(%rsp)
	movq	%rcx, %r14
	movq	%rdx, %r13
	movq	$0, 184(%rsp)
	vmovupd	%ymm0, 400(%rsp)
	movq	$0, 176(%rsp)
	vmovupd	%ymm0, 352(%rsp)
	movq	$0, 168(%rsp)
	vmovupd	%ymm0, 480(%rsp)
	movq	$0, 160(%rsp)
	vmovupd	%ymm0, 304(%rsp)
	movq	$0, 152(%rsp)
	vmovupd	%ymm0, 256(%rsp)
	movq	$0, 144(%rsp)
	vmovupd	%ymm0, 208(%rsp)
	movq	$0, 136(%rsp)
	movq	%rsi, 456(%rsp)
	movq	%rdx, %r12
	testq	%rdx, %rdx
	js	.LBB12_1
	jne	.LBB12_2
	movabsq	$".bytes.-7336804527741648176.85", %rax
	movl	$1, %ecx
	xorl	%ebp, %ebp
	jmp	.LBB12_6
.LBB12_1:
	negq	%r12
.LBB12_2:
	vcvtsi2sd	%r12, %xmm15, %xmm0
	movq	%r13, %rbx
	shrq	$63, %rbx
	vzeroupper
	callq	*%rax
	vroundsd	$9, %xmm0, %xmm0, %xmm0
	vcvttsd2si	%xmm0, %r15
	leaq	2(%rbx,%r15), %rdi
	callq	*%rbp
	testq	%rax, %rax
	je	.LBB12_3
	movq	%rax, %rbp
	movq	24(%rax), %rax
	testq	%r13, %r13
	jns	.LBB12_9
	movb	$45, (%rax)
.LBB12_9:
	leaq	1(%rbx,%r15), %rcx
	testq	%r12, %r12
	jle	.LBB12_6
	addq	%r15, %rbx
	movabsq	$-3689348814741910323, %rsi
	addq	%rax, %rbx
	.p2align	4
.LBB12_11:
	movq	%r12, %rdx
	mulxq	%rsi, %rdx, %rdx
	movl	%r12d, %r8d
	shrq	$3, %rdx
	leal	(%rdx,%rdx), %edi
	leal	(%rdi,%rdi,4), %edi
	subl	%edi, %r8d
	orb	$48, %r8b
	movb	%r8b, (%rbx)
	decq	%rbx
	cmpq	$10, %r12
	movq	%rdx, %r12
	jae	.LBB12_11
.LBB12_6:
	movq	%rcx, 32(%rsp)
	movq	%rax, 24(%rsp)
	movabsq	$.bytes.4211470532602229068.86, %rdx
	movabsq	$_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type, %rax
	leaq	512(%rsp), %rdi
	leaq	184(%rsp), %rsi
	movl	$1, %ecx
	movl	$1, %r8d
	movl	$1, %r9d
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%ymm0, 528(%rsp)
	vmovupd	%ymm0, 512(%rsp)
	movq	%rbp, 64(%rsp)
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%xmm0, 8(%rsp)
	movq	$0, 72(%rsp)
	movq	$-1, 56(%rsp)
	movl	$1, 48(%rsp)
	movl	$1, 40(%rsp)
	movq	$-1, (%rsp)
	vzeroupper
	callq	*%rax
	testl	%eax, %eax
	jne	.LBB12_28
	movl	532(%rsp), %eax
	movq	%r14, 88(%rsp)
	movq	%rbp, %rdi
	movq	544(%rsp), %r12
	movq	552(%rsp), %r14
	movq	536(%rsp), %rbp
	movl	528(%rsp), %r13d
	movq	512(%rsp), %rbx
	movq	520(%rsp), %r15
	movl	%eax, 96(%rsp)
	movabsq	$NRT_decref, %rax
	callq	*%rax
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%ymm0, 400(%rsp)
	vmovupd	%ymm0, 384(%rsp)
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%xmm0, 64(%rsp)
	movabsq	$".bytes.-4409116039467021935", %rax
	movq	%rbp, (%rsp)
	movabsq	$_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type, %rbp
	leaq	384(%rsp), %rdi
	leaq	176(%rsp), %rsi
	movq	%r14, 16(%rsp)
	movq	%r12, 8(%rsp)
	movq	$-1, 56(%rsp)
	movl	$1, 48(%rsp)
	movl	$1, 40(%rsp)
	movq	$2, 32(%rsp)
	movq	%rbx, %rdx
	movq	%r15, %rcx
	movl	%r13d, %r8d
	movl	96(%rsp), %r9d
	movq	%rax, 24(%rsp)
	vzeroupper
	callq	*%rbp
	testl	%eax, %eax
	jne	.LBB12_8
	movl	400(%rsp), %ecx
	movq	392(%rsp), %rdi
	movq	384(%rsp), %rax
	movl	404(%rsp), %esi
	movq	408(%rsp), %rdx
	movq	416(%rsp), %r15
	movl	%ecx, 104(%rsp)
	movq	424(%rsp), %rcx
	movq	%rdi, 112(%rsp)
	movq	%r12, %rdi
	movabsq	$NRT_decref, %r12
	movq	%rax, 120(%rsp)
	movl	%esi, 132(%rsp)
	movq	%rdx, 440(%rsp)
	movq	%rcx, 432(%rsp)
	callq	*%r12
	movq	88(%rsp), %r14
	movq	%r15, 448(%rsp)
	movq	%r14, %r13
	testq	%r14, %r14
	js	.LBB12_15
	movabsq	$log10, %rax
	jne	.LBB12_16
	movl	$1, %ecx
	movabsq	$".bytes.-7336804527741648176.85", %r9
	xorl	%eax, %eax
	jmp	.LBB12_23
.LBB12_15:
	negq	%r13
	movabsq	$log10, %rax
.LBB12_16:
	vcvtsi2sd	%r13, %xmm15, %xmm0
	movq	%r14, %rbx
	shrq	$63, %rbx
	callq	*%rax
	vroundsd	$9, %xmm0, %xmm0, %xmm0
	movq	%r14, %r15
	movabsq	$NRT_MemInfo_alloc, %rax
	vcvttsd2si	%xmm0, %r14
	leaq	2(%rbx,%r14), %rdi
	callq	*%rax
	movabsq	$.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.3.88, %rcx
	testq	%rax, %rax
	je	.LBB12_29
	movq	24(%rax), %r9
	testq	%r15, %r15
	js	.LBB12_18
	leaq	1(%rbx,%r14), %rcx
	testq	%r13, %r13
	jle	.LBB12_20
.LBB12_26:
	addq	%r14, %rbx
	movabsq	$-3689348814741910323, %rsi
	movabsq	$_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type, %rbp
	addq	%r9, %rbx
	.p2align	4
.LBB12_27:
	movq	%r13, %rdx
	mulxq	%rsi, %rdx, %rdx
	movl	%r13d, %r8d
	shrq	$3, %rdx
	leal	(%rdx,%rdx), %edi
	leal	(%rdi,%rdi,4), %edi
	subl	%edi, %r8d
	orb	$48, %r8b
	movb	%r8b, (%rbx)
	decq	%rbx
	cmpq	$10, %r13
	movq	%rdx, %r13
	jae	.LBB12_27
	jmp	.LBB12_23
.LBB12_18:
	movb	$45, (%r9)
	leaq	1(%rbx,%r14), %rcx
	testq	%r13, %r13
	jg	.LBB12_26
.LBB12_20:
	movabsq	$_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type, %rbp
.LBB12_23:
	movq	%rcx, 32(%rsp)
	movq	%r9, 24(%rsp)
	movabsq	$.bytes.4211470532602229068.86, %rdx
	leaq	336(%rsp), %rdi
	leaq	168(%rsp), %rsi
	movl	$1, %ecx
	movl	$1, %r8d
	movl	$1, %r9d
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%ymm0, 352(%rsp)
	vmovupd	%ymm0, 336(%rsp)
	movq	%rax, 64(%rsp)
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%xmm0, 8(%rsp)
	movq	$0, 72(%rsp)
	movq	$-1, 56(%rsp)
	movl	$1, 48(%rsp)
	movl	$1, 40(%rsp)
	movq	$-1, (%rsp)
	movq	%rax, %rbx
	vzeroupper
	callq	*%rbp
	testl	%eax, %eax
	jne	.LBB12_30
	movl	356(%rsp), %ecx
	movl	352(%rsp), %edx
	movq	%r12, %rax
	movq	368(%rsp), %rbp
	movq	376(%rsp), %r15
	movq	360(%rsp), %r12
	movq	336(%rsp), %r13
	movq	344(%rsp), %r14
	movq	%rbx, %rdi
	movl	%ecx, 96(%rsp)
	movl	%edx, 88(%rsp)
	callq	*%rax
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%ymm0, 480(%rsp)
	vmovupd	%ymm0, 464(%rsp)
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%xmm0, 64(%rsp)
	movabsq	$".bytes.-4409116039467021935", %rax
	movq	%r14, %rcx
	leaq	464(%rsp), %rdi
	leaq	160(%rsp), %rsi
	movabsq	$_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type, %r14
	movq	%r15, 16(%rsp)
	movq	%rbp, %r15
	movq	%rbp, 8(%rsp)
	movq	%r12, (%rsp)
	movq	$-1, 56(%rsp)
	movl	$1, 48(%rsp)
	movl	$1, 40(%rsp)
	movq	$2, 32(%rsp)
	movq	%r13, %rdx
	movl	88(%rsp), %r8d
	movl	96(%rsp), %r9d
	movq	%rax, 24(%rsp)
	vzeroupper
	callq	*%r14
	testl	%eax, %eax
	jne	.LBB12_25
	vmovapd	464(%rsp), %xmm0
	movq	488(%rsp), %rcx
	movl	484(%rsp), %edx
	movl	480(%rsp), %esi
	movq	496(%rsp), %r13
	movq	504(%rsp), %rax
	leaq	288(%rsp), %rdi
	movl	$1, %r8d
	movl	$1, %r9d
	vxorps	%xmm1, %xmm1, %xmm1
	vmovups	%ymm1, 288(%rsp)
	vmovups	%ymm1, 304(%rsp)
	movq	%rcx, 56(%rsp)
	movl	%edx, 48(%rsp)
	movl	%esi, 40(%rsp)
	movabsq	$.bytes.9048173940395422652.89, %rdx
	leaq	152(%rsp), %rsi
	movl	$29, %ecx
	movq	%rax, 72(%rsp)
	movq	%r13, 64(%rsp)
	vmovupd	%xmm0, 24(%rsp)
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%xmm0, 8(%rsp)
	movq	$-1, (%rsp)
	vzeroupper
	callq	*%r14
	movq	320(%rsp), %rbp
	movabsq	$NRT_decref, %r14
	movq	%r15, %rdi
	movl	%eax, %ebx
	callq	*%r14
	testl	%ebx, %ebx
	jne	.LBB12_37
	movl	308(%rsp), %ecx
	movl	304(%rsp), %edx
	movq	%r14, %rax
	movq	328(%rsp), %rbx
	movq	312(%rsp), %r12
	movq	288(%rsp), %r14
	movq	296(%rsp), %r15
	movq	%r13, %rdi
	movl	%ecx, 96(%rsp)
	movl	%edx, 88(%rsp)
	callq	*%rax
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%ymm0, 256(%rsp)
	vmovupd	%ymm0, 240(%rsp)
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%xmm0, 64(%rsp)
	movabsq	$.bytes.2653909834887079282.90, %rax
	leaq	240(%rsp), %rdi
	leaq	144(%rsp), %rsi
	movq	%rbx, 16(%rsp)
	movq	%rbp, %rbx
	movq	%rbp, 8(%rsp)
	movq	%r12, (%rsp)
	movq	$-1, 56(%rsp)
	movl	$1, 48(%rsp)
	movl	$1, 40(%rsp)
	movq	$21, 32(%rsp)
	movq	%r14, %rdx
	movq	%r15, %rcx
	movl	88(%rsp), %r8d
	movl	96(%rsp), %r9d
	movq	%rax, 24(%rsp)
	movabsq	$_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type, %rax
	vzeroupper
	callq	*%rax
	testl	%eax, %eax
	jne	.LBB12_38
	movl	260(%rsp), %eax
	movl	256(%rsp), %ecx
	movq	272(%rsp), %rbp
	movq	280(%rsp), %r12
	movq	264(%rsp), %r15
	movq	240(%rsp), %r14
	movq	248(%rsp), %r13
	movq	%rbx, %rdi
	movl	%eax, 96(%rsp)
	movabsq	$NRT_decref, %rax
	movl	%ecx, 88(%rsp)
	callq	*%rax
	movl	132(%rsp), %ecx
	movq	432(%rsp), %rax
	movq	440(%rsp), %rdi
	movl	104(%rsp), %esi
	movq	448(%rsp), %rbx
	movq	112(%rsp), %rdx
	movl	88(%rsp), %r8d
	movl	96(%rsp), %r9d
	vxorpd	%xmm0, %xmm0, %xmm0
	vmovupd	%ymm0, 208(%rsp)
	vmovupd	%ymm0, 192(%rsp)
	movq	%r12, 16(%rsp)
	movq	%rbp, 8(%rsp)
	movq	%r15, (%rsp)
	movl	%ecx, 48(%rsp)
	movq	120(%rsp), %rcx
	movq	%rax, 72(%rsp)
	movq	%rdi, 56(%rsp)
	movl	%esi, 40(%rsp)
	leaq	192(%rsp), %rdi
	leaq	136(%rsp), %rsi
	movabsq	$_ZN5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type, %rax
	movq	%rdx, 32(%rsp)
	movq	%rbx, 64(%rsp)
	movq	%rbp, 120(%rsp)
	movq	%r14, %rdx
	movq	%rcx, 24(%rsp)
	movq	%r13, %rcx
	vzeroupper
	callq	*%rax
	testl	%eax, %eax
	jne	.LBB12_39
	movq	200(%rsp), %rax
	movl	212(%rsp), %esi
	movq	216(%rsp), %rdx
	movq	224(%rsp), %r13
	movq	232(%rsp), %rcx
	movq	192(%rsp), %r15
	movl	208(%rsp), %ebp
	movq	%rax, 96(%rsp)
	movabsq	$NRT_incref, %rax
	movq	%r13, %rdi
	movl	%esi, 88(%rsp)
	movq	%rdx, 112(%rsp)
	movq	%rcx, 104(%rsp)
	callq	*%rax
	movabsq	$NRT_Allocate, %rax
	movl	$48, %edi
	callq	*%rax
	movq	120(%rsp), %rdi
	movabsq	$NRT_decref, %r14
	movq	%rax, %r12
	callq	*%r14
	movq	%rbx, %rdi
	callq	*%r14
	movabsq	$.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.87, %rcx
	testq	%r12, %r12
	je	.LBB12_29
	movq	96(%rsp), %rax
	movl	88(%rsp), %edi
	movq	112(%rsp), %rsi
	movq	104(%rsp), %rdx
	movq	%r15, (%r12)
	movq	%rcx, %rbx
	movq	%rax, 8(%r12)
	movl	%ebp, 16(%r12)
	movl	%edi, 20(%r12)
	movl	$40, %edi
	movabsq	$NRT_Allocate, %rax
	movq	%rsi, 24(%r12)
	movq	%r13, 32(%r12)
	movq	%rdx, 40(%r12)
	callq	*%rax
	movq	%rbx, %rcx
	testq	%rax, %rax
	je	.LBB12_29
	movabsq	$.const.pickledata.538f24ddc49600304aad96856f43891e57e289a3.91, %rcx
	movabsq	$__excinfo_unwrap_args2a69829f126f4a7013ea1e2468c3325e564f5cc6, %rdx
	movq	%rcx, (%rax)
	movl	$406, 8(%rax)
	movq	%r12, 16(%rax)
	movq	%rdx, 24(%rax)
	movl	$1, 32(%rax)
	movq	%rax, %rcx
.LBB12_29:
	movq	456(%rsp), %rax
	movq	%rcx, (%rax)
	movl	$1, %eax
	addq	$568, %rsp
	.cfi_def_cfa_offset 56
	popq	%rbx
	.cfi_def_cfa_offset 48
	popq	%r12
	.cfi_def_cfa_offset 40
	popq	%r13
	.cfi_def_cfa_offset 32
	popq	%r14
	.cfi_def_cfa_offset 24
	popq	%r15
	.cfi_def_cfa_offset 16
	popq	%rbp
	.cfi_def_cfa_offset 8
	retq
.LBB12_28:
	.cfi_def_cfa_offset 624
	movq	184(%rsp), %rcx
	jmp	.LBB12_29
.LBB12_8:
	movq	176(%rsp), %rcx
	jmp	.LBB12_29
.LBB12_30:
	movq	168(%rsp), %rcx
	jmp	.LBB12_29
.LBB12_25:
	movq	160(%rsp), %rcx
	jmp	.LBB12_29
.LBB12_37:
	movq	152(%rsp), %rcx
	jmp	.LBB12_29
.LBB12_38:
	movq	144(%rsp), %rcx
	jmp	.LBB12_29
.LBB12_39:
	movq	136(%rsp), %rcx
	jmp	.LBB12_29
.LBB12_3:
	movabsq	$.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.3.88, %rcx
	jmp	.LBB12_29
.Lfunc_end12:
	.size	_ZN5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB4v101B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi1EE8UniTupleIxLi1EE, .Lfunc_end12-_ZN5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB4v101B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi1EE8UniTupleIxLi1EE
	.cfi_endproc

	.type	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57,@object
	.section	.lrodata,"al",@progbits
	.p2align	4, 0x0
.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57:
	.ascii	"\200\004\225~\000\000\000\000\000\000\000\214\bbuiltins\224\214\nValueError\224\223\224\214[array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.\224\205\224N\207\224."
	.size	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57, 137

	.type	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1,@object
	.p2align	4, 0x0
.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1:
	.ascii	"X\341N\314\265\007\261\340 i\201t\002#\346\205\313\214<W"
	.size	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1, 20

	.type	.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57,@object
	.p2align	4, 0x0
.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57:
	.quad	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57
	.long	137
	.zero	4
	.quad	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57, 40

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209:
	.ascii	"\200\004\225K\000\000\000\000\000\000\000\214\bbuiltins\224\214\013MemoryError\224\223\224\214'Allocation failed (probably too large).\224\205\224N\207\224."
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209, 86

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1:
	.ascii	"\272(\235\201\360\\p \363G|\025sH\004\337e\253\342\t"
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1, 20

	.type	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209,@object
	.p2align	4, 0x0
.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209:
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209
	.long	86
	.zero	4
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209, 40

	.type	.const.scan_backward,@object
.const.scan_backward:
	.asciz	"scan_backward"
	.size	.const.scan_backward, 14

	.type	_ZN08NumbaEnv4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE,@object
	.comm	_ZN08NumbaEnv4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE,8,8
	.type	".const.missing Environment: _ZN08NumbaEnv4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE",@object
	.p2align	4, 0x0
".const.missing Environment: _ZN08NumbaEnv4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE":
	.asciz	"missing Environment: _ZN08NumbaEnv4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE"
	.size	".const.missing Environment: _ZN08NumbaEnv4s5vh2nn8backends8cpu_scan13scan_backwardB2v1B112c8tJTIeFIjxB2IKSgI4CrvSCKg1MMbCQQPKkLTj8gEEF9aYtuj_2br1YuAyak4P1ldR0E9r7gKRCXn55UUJSaXgNiJRckF6rWawIgoglioCQA_3dE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedEb5ArrayIfLi2E1C7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi3E1A7mutable7alignedE5ArrayIfLi1E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedEb5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi3E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi4E1C7mutable7alignedE5ArrayIfLi2E1C7mutable7alignedE", 633

	.type	".const.can't unbox array from PyObject into native value.  The object maybe of a different type",@object
	.p2align	4, 0x0
".const.can't unbox array from PyObject into native value.  The object maybe of a different type":
	.asciz	"can't unbox array from PyObject into native value.  The object maybe of a different type"
	.size	".const.can't unbox array from PyObject into native value.  The object maybe of a different type", 89

	.type	".const.Error creating Python tuple from runtime exception arguments",@object
	.p2align	4, 0x0
".const.Error creating Python tuple from runtime exception arguments":
	.asciz	"Error creating Python tuple from runtime exception arguments"
	.size	".const.Error creating Python tuple from runtime exception arguments", 61

	.type	".const.unknown error when calling native function",@object
	.p2align	4, 0x0
".const.unknown error when calling native function":
	.asciz	"unknown error when calling native function"
	.size	".const.unknown error when calling native function", 43

	.type	".const.Error creating Python tuple from runtime exception arguments.1",@object
	.p2align	4, 0x0
".const.Error creating Python tuple from runtime exception arguments.1":
	.asciz	"Error creating Python tuple from runtime exception arguments"
	.size	".const.Error creating Python tuple from runtime exception arguments.1", 61

	.type	".const.unknown error when calling native function.2",@object
	.p2align	4, 0x0
".const.unknown error when calling native function.2":
	.asciz	"unknown error when calling native function"
	.size	".const.unknown error when calling native function.2", 43

	.type	".const.<numba.core.cpu.CPUContext>",@object
	.p2align	4, 0x0
".const.<numba.core.cpu.CPUContext>":
	.asciz	"<numba.core.cpu.CPUContext>"
	.size	".const.<numba.core.cpu.CPUContext>", 28

	.type	_ZN08NumbaEnv5numba7cpython8builtins6ol_min12_3clocals_3e4implB2v6B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE15StarArgUniTupleIxLi2EE,@object
	.comm	_ZN08NumbaEnv5numba7cpython8builtins6ol_min12_3clocals_3e4implB2v6B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE15StarArgUniTupleIxLi2EE,8,8
	.type	_ZN08NumbaEnv5numba2np8arrayobj11ol_np_empty12_3clocals_3e4implB2v7B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE18dtype_28float32_29,@object
	.comm	_ZN08NumbaEnv5numba2np8arrayobj11ol_np_empty12_3clocals_3e4implB2v7B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE18dtype_28float32_29,8,8
	.type	.const.pickledata.331b8563bdb9dac81b38422273052c486fc1706b,@object
	.p2align	4, 0x0
.const.pickledata.331b8563bdb9dac81b38422273052c486fc1706b:
	.ascii	"\200\004\225B\000\000\000\000\000\000\000\214\bbuiltins\224\214\nValueError\224\223\224\214\037negative dimensions not allowed\224\205\224N\207\224."
	.size	.const.pickledata.331b8563bdb9dac81b38422273052c486fc1706b, 77

	.type	.const.pickledata.331b8563bdb9dac81b38422273052c486fc1706b.sha1,@object
	.p2align	4, 0x0
.const.pickledata.331b8563bdb9dac81b38422273052c486fc1706b.sha1:
	.ascii	"3\033\205c\275\271\332\310\0338B\"s\005,Ho\301pk"
	.size	.const.pickledata.331b8563bdb9dac81b38422273052c486fc1706b.sha1, 20

	.type	.const.picklebuf.331b8563bdb9dac81b38422273052c486fc1706b,@object
	.p2align	4, 0x0
.const.picklebuf.331b8563bdb9dac81b38422273052c486fc1706b:
	.quad	.const.pickledata.331b8563bdb9dac81b38422273052c486fc1706b
	.long	77
	.zero	4
	.quad	.const.pickledata.331b8563bdb9dac81b38422273052c486fc1706b.sha1
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.331b8563bdb9dac81b38422273052c486fc1706b, 40

	.type	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.11,@object
	.p2align	4, 0x0
.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.11:
	.ascii	"\200\004\225~\000\000\000\000\000\000\000\214\bbuiltins\224\214\nValueError\224\223\224\214[array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.\224\205\224N\207\224."
	.size	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.11, 137

	.type	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1.12,@object
	.p2align	4, 0x0
.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1.12:
	.ascii	"X\341N\314\265\007\261\340 i\201t\002#\346\205\313\214<W"
	.size	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1.12, 20

	.type	.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57.7,@object
	.p2align	4, 0x0
.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57.7:
	.quad	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.11
	.long	137
	.zero	4
	.quad	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1.12
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57.7, 40

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.9,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.9:
	.ascii	"\200\004\225K\000\000\000\000\000\000\000\214\bbuiltins\224\214\013MemoryError\224\223\224\214'Allocation failed (probably too large).\224\205\224N\207\224."
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.9, 86

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.10,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.10:
	.ascii	"\272(\235\201\360\\p \363G|\025sH\004\337e\253\342\t"
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.10, 20

	.type	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.8,@object
	.p2align	4, 0x0
.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.8:
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.9
	.long	86
	.zero	4
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.10
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.8, 40

	.type	_ZN08NumbaEnv4s5vh2nn8backends8cpu_scan7_paddedB2v9B102c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1ep5xVXqOgrqRcA0VJyfDGImFiUXgOjk_2fLySosTkEvVaTWCwF0GM1wQAE5ArrayIfLi2E1C7mutable7alignedE16slice_3ca_3ab_3e5ArrayIfLi2E1C7mutable7alignedE,@object
	.comm	_ZN08NumbaEnv4s5vh2nn8backends8cpu_scan7_paddedB2v9B102c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1ep5xVXqOgrqRcA0VJyfDGImFiUXgOjk_2fLySosTkEvVaTWCwF0GM1wQAE5ArrayIfLi2E1C7mutable7alignedE16slice_3ca_3ab_3e5ArrayIfLi2E1C7mutable7alignedE,8,8
	.type	_ZN08NumbaEnv13_3cdynamic_3e33__numba_array_expr_0x7f192e664110B3v54B126c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwo6UAqF2IxIYkgJqAYBJFEPdpAgA_3dEff,@object
	.comm	_ZN08NumbaEnv13_3cdynamic_3e33__numba_array_expr_0x7f192e664110B3v54B126c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwo6UAqF2IxIYkgJqAYBJFEPdpAgA_3dEff,8,8
	.type	_ZN08NumbaEnv5numba2np7npyimpl15_broadcast_ontoB3v55B42c8tJTC_2fWQA93W1AaAIYBPIqRBFCjDSZRVAJmaQIAEx8int64_2ax8int64_2a,@object
	.comm	_ZN08NumbaEnv5numba2np7npyimpl15_broadcast_ontoB3v55B42c8tJTC_2fWQA93W1AaAIYBPIqRBFCjDSZRVAJmaQIAEx8int64_2ax8int64_2a,8,8
	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.24,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.24:
	.ascii	"\200\004\225K\000\000\000\000\000\000\000\214\bbuiltins\224\214\013MemoryError\224\223\224\214'Allocation failed (probably too large).\224\205\224N\207\224."
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.24, 86

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.25,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.25:
	.ascii	"\272(\235\201\360\\p \363G|\025sH\004\337e\253\342\t"
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.25, 20

	.type	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.23,@object
	.p2align	4, 0x0
.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.23:
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.24
	.long	86
	.zero	4
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.25
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.23, 40

	.type	_ZN08NumbaEnv5numba2np8arrayobj11ol_np_zeros12_3clocals_3e4implB3v10B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE18dtype_28float32_29,@object
	.comm	_ZN08NumbaEnv5numba2np8arrayobj11ol_np_zeros12_3clocals_3e4implB3v10B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE18dtype_28float32_29,8,8
	.type	_ZN08NumbaEnv5numba2np8arrayobj11ol_np_empty12_3clocals_3e4implB3v11B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE18dtype_28float32_29,@object
	.comm	_ZN08NumbaEnv5numba2np8arrayobj11ol_np_empty12_3clocals_3e4implB3v11B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE18dtype_28float32_29,8,8
	.type	.const.pickledata.331b8563bdb9dac81b38422273052c486fc1706b.31,@object
	.p2align	4, 0x0
.const.pickledata.331b8563bdb9dac81b38422273052c486fc1706b.31:
	.ascii	"\200\004\225B\000\000\000\000\000\000\000\214\bbuiltins\224\214\nValueError\224\223\224\214\037negative dimensions not allowed\224\205\224N\207\224."
	.size	.const.pickledata.331b8563bdb9dac81b38422273052c486fc1706b.31, 77

	.type	.const.pickledata.331b8563bdb9dac81b38422273052c486fc1706b.sha1.32,@object
	.p2align	4, 0x0
.const.pickledata.331b8563bdb9dac81b38422273052c486fc1706b.sha1.32:
	.ascii	"3\033\205c\275\271\332\310\0338B\"s\005,Ho\301pk"
	.size	.const.pickledata.331b8563bdb9dac81b38422273052c486fc1706b.sha1.32, 20

	.type	.const.picklebuf.331b8563bdb9dac81b38422273052c486fc1706b.30,@object
	.p2align	4, 0x0
.const.picklebuf.331b8563bdb9dac81b38422273052c486fc1706b.30:
	.quad	.const.pickledata.331b8563bdb9dac81b38422273052c486fc1706b.31
	.long	77
	.zero	4
	.quad	.const.pickledata.331b8563bdb9dac81b38422273052c486fc1706b.sha1.32
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.331b8563bdb9dac81b38422273052c486fc1706b.30, 40

	.type	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.33,@object
	.p2align	4, 0x0
.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.33:
	.ascii	"\200\004\225~\000\000\000\000\000\000\000\214\bbuiltins\224\214\nValueError\224\223\224\214[array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.\224\205\224N\207\224."
	.size	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.33, 137

	.type	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1.34,@object
	.p2align	4, 0x0
.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1.34:
	.ascii	"X\341N\314\265\007\261\340 i\201t\002#\346\205\313\214<W"
	.size	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1.34, 20

	.type	.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57.29,@object
	.p2align	4, 0x0
.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57.29:
	.quad	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.33
	.long	137
	.zero	4
	.quad	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1.34
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57.29, 40

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.35,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.35:
	.ascii	"\200\004\225K\000\000\000\000\000\000\000\214\bbuiltins\224\214\013MemoryError\224\223\224\214'Allocation failed (probably too large).\224\205\224N\207\224."
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.35, 86

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.36,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.36:
	.ascii	"\272(\235\201\360\\p \363G|\025sH\004\337e\253\342\t"
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.36, 20

	.type	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.28,@object
	.p2align	4, 0x0
.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.28:
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.35
	.long	86
	.zero	4
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.36
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.28, 40

	.type	_ZN08NumbaEnv5numba2np8arrayobj18ol_array_zero_fill12_3clocals_3e4implB3v12B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE5ArrayIfLi2E1C7mutable7alignedE,@object
	.comm	_ZN08NumbaEnv5numba2np8arrayobj18ol_array_zero_fill12_3clocals_3e4implB3v12B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE5ArrayIfLi2E1C7mutable7alignedE,8,8
	.type	_ZN08NumbaEnv5numba2np8arrayobj11ol_np_zeros12_3clocals_3e4implB3v13B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEx18dtype_28float32_29,@object
	.comm	_ZN08NumbaEnv5numba2np8arrayobj11ol_np_zeros12_3clocals_3e4implB3v13B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEx18dtype_28float32_29,8,8
	.type	_ZN08NumbaEnv5numba2np8arrayobj11ol_np_empty12_3clocals_3e4implB3v14B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEx18dtype_28float32_29,@object
	.comm	_ZN08NumbaEnv5numba2np8arrayobj11ol_np_empty12_3clocals_3e4implB3v14B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEx18dtype_28float32_29,8,8
	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.48,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.48:
	.ascii	"\200\004\225K\000\000\000\000\000\000\000\214\bbuiltins\224\214\013MemoryError\224\223\224\214'Allocation failed (probably too large).\224\205\224N\207\224."
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.48, 86

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.49,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.49:
	.ascii	"\272(\235\201\360\\p \363G|\025sH\004\337e\253\342\t"
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.49, 20

	.type	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.41,@object
	.p2align	4, 0x0
.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.41:
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.48
	.long	86
	.zero	4
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.49
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.41, 40

	.type	_ZN08NumbaEnv5numba2np8arrayobj18ol_array_zero_fill12_3clocals_3e4implB3v15B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE5ArrayIfLi1E1C7mutable7alignedE,@object
	.comm	_ZN08NumbaEnv5numba2np8arrayobj18ol_array_zero_fill12_3clocals_3e4implB3v15B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE5ArrayIfLi1E1C7mutable7alignedE,8,8
	.type	_ZN08NumbaEnv5numba2np8arrayobj11ol_np_zeros12_3clocals_3e4implB3v16B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi3EE18dtype_28float32_29,@object
	.comm	_ZN08NumbaEnv5numba2np8arrayobj11ol_np_zeros12_3clocals_3e4implB3v16B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi3EE18dtype_28float32_29,8,8
	.type	_ZN08NumbaEnv5numba2np8arrayobj11ol_np_empty12_3clocals_3e4implB3v17B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi3EE18dtype_28float32_29,@object
	.comm	_ZN08NumbaEnv5numba2np8arrayobj11ol_np_empty12_3clocals_3e4implB3v17B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi3EE18dtype_28float32_29,8,8
	.type	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.57,@object
	.p2align	4, 0x0
.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.57:
	.ascii	"\200\004\225~\000\000\000\000\000\000\000\214\bbuiltins\224\214\nValueError\224\223\224\214[array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.\224\205\224N\207\224."
	.size	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.57, 137

	.type	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1.58,@object
	.p2align	4, 0x0
.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1.58:
	.ascii	"X\341N\314\265\007\261\340 i\201t\002#\346\205\313\214<W"
	.size	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1.58, 20

	.type	.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57.53,@object
	.p2align	4, 0x0
.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57.53:
	.quad	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.57
	.long	137
	.zero	4
	.quad	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1.58
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57.53, 40

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.59,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.59:
	.ascii	"\200\004\225K\000\000\000\000\000\000\000\214\bbuiltins\224\214\013MemoryError\224\223\224\214'Allocation failed (probably too large).\224\205\224N\207\224."
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.59, 86

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.60,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.60:
	.ascii	"\272(\235\201\360\\p \363G|\025sH\004\337e\253\342\t"
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.60, 20

	.type	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.52,@object
	.p2align	4, 0x0
.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.52:
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.59
	.long	86
	.zero	4
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.60
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.52, 40

	.type	_ZN08NumbaEnv5numba2np8arrayobj18ol_array_zero_fill12_3clocals_3e4implB3v18B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE5ArrayIfLi3E1C7mutable7alignedE,@object
	.comm	_ZN08NumbaEnv5numba2np8arrayobj18ol_array_zero_fill12_3clocals_3e4implB3v18B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE5ArrayIfLi3E1C7mutable7alignedE,8,8
	.type	_ZN08NumbaEnv5numba2np8arrayobj11ol_np_empty12_3clocals_3e4implB3v19B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi3EE18dtype_28float32_29,@object
	.comm	_ZN08NumbaEnv5numba2np8arrayobj11ol_np_empty12_3clocals_3e4implB3v19B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi3EE18dtype_28float32_29,8,8
	.type	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.68,@object
	.p2align	4, 0x0
.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.68:
	.ascii	"\200\004\225~\000\000\000\000\000\000\000\214\bbuiltins\224\214\nValueError\224\223\224\214[array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.\224\205\224N\207\224."
	.size	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.68, 137

	.type	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1.69,@object
	.p2align	4, 0x0
.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1.69:
	.ascii	"X\341N\314\265\007\261\340 i\201t\002#\346\205\313\214<W"
	.size	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1.69, 20

	.type	.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57.64,@object
	.p2align	4, 0x0
.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57.64:
	.quad	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.68
	.long	137
	.zero	4
	.quad	.const.pickledata.58e14eccb507b1e0206981740223e685cb8c3c57.sha1.69
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.58e14eccb507b1e0206981740223e685cb8c3c57.64, 40

	.type	_ZN08NumbaEnv5numba2np8arrayobj15_call_allocatorB2v8B42c8tJTC_2fWQA93W1AaAIYBPIqRBFCjDSZRVAJmaQIAEN29typeref_5b_3cclass_20_27numba4core5types8npytypes14Array_27_3e_5dExj,@object
	.comm	_ZN08NumbaEnv5numba2np8arrayobj15_call_allocatorB2v8B42c8tJTC_2fWQA93W1AaAIYBPIqRBFCjDSZRVAJmaQIAEN29typeref_5b_3cclass_20_27numba4core5types8npytypes14Array_27_3e_5dExj,8,8
	.type	_ZN08NumbaEnv5numba2np8arrayobj18_ol_array_allocate12_3clocals_3e4implB2v9B42c8tJTIeFIjxB2IKSgI4CrvQClcaMQ5hEEUSJJgA_3dEN29typeref_5b_3cclass_20_27numba4core5types8npytypes14Array_27_3e_5dExj,@object
	.comm	_ZN08NumbaEnv5numba2np8arrayobj18_ol_array_allocate12_3clocals_3e4implB2v9B42c8tJTIeFIjxB2IKSgI4CrvQClcaMQ5hEEUSJJgA_3dEN29typeref_5b_3cclass_20_27numba4core5types8npytypes14Array_27_3e_5dExj,8,8
	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.66,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.66:
	.ascii	"\200\004\225K\000\000\000\000\000\000\000\214\bbuiltins\224\214\013MemoryError\224\223\224\214'Allocation failed (probably too large).\224\205\224N\207\224."
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.66, 86

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.67,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.67:
	.ascii	"\272(\235\201\360\\p \363G|\025sH\004\337e\253\342\t"
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.67, 20

	.type	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.65,@object
	.p2align	4, 0x0
.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.65:
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.66
	.long	86
	.zero	4
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.67
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.65, 40

	.type	_ZN08NumbaEnv5numba7cpython8builtins6ol_max12_3clocals_3e4implB3v30B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE15StarArgUniTupleIfLi2EE,@object
	.comm	_ZN08NumbaEnv5numba7cpython8builtins6ol_max12_3clocals_3e4implB3v30B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE15StarArgUniTupleIfLi2EE,8,8
	.type	_ZN08NumbaEnv5numba7cpython8builtins6ol_min12_3clocals_3e4implB3v31B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE15StarArgUniTupleIfLi2EE,@object
	.comm	_ZN08NumbaEnv5numba7cpython8builtins6ol_min12_3clocals_3e4implB3v31B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE15StarArgUniTupleIfLi2EE,8,8
	.type	_ZN08NumbaEnv5numba7cpython7numbers11scalar_view12_3clocals_3e4implB3v32B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEi18class_28float32_29,@object
	.comm	_ZN08NumbaEnv5numba7cpython7numbers11scalar_view12_3clocals_3e4implB3v32B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEi18class_28float32_29,8,8
	.type	_ZN08NumbaEnv5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB3v56B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE8UniTupleIxLi2EE,@object
	.comm	_ZN08NumbaEnv5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB3v56B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE8UniTupleIxLi2EE,8,8
	.type	.bytes.5976972108966109954,@object
.bytes.5976972108966109954:
	.asciz	", "
	.size	.bytes.5976972108966109954, 3

	.type	.const.pickledata.2b98f4136688ddd3c02912370686f1a00131280c,@object
	.p2align	4, 0x0
.const.pickledata.2b98f4136688ddd3c02912370686f1a00131280c:
	.ascii	"\200\004\2258\000\000\000\000\000\000\000\214\bbuiltins\224\214\013MemoryError\224\223\224\214\024cannot allocate list\224\205\224N\207\224."
	.size	.const.pickledata.2b98f4136688ddd3c02912370686f1a00131280c, 67

	.type	.const.pickledata.2b98f4136688ddd3c02912370686f1a00131280c.sha1,@object
	.p2align	4, 0x0
.const.pickledata.2b98f4136688ddd3c02912370686f1a00131280c.sha1:
	.ascii	"+\230\364\023f\210\335\323\300)\0227\006\206\361\240\0011(\f"
	.size	.const.pickledata.2b98f4136688ddd3c02912370686f1a00131280c.sha1, 20

	.type	.const.picklebuf.2b98f4136688ddd3c02912370686f1a00131280c,@object
	.p2align	4, 0x0
.const.picklebuf.2b98f4136688ddd3c02912370686f1a00131280c:
	.quad	.const.pickledata.2b98f4136688ddd3c02912370686f1a00131280c
	.long	67
	.zero	4
	.quad	.const.pickledata.2b98f4136688ddd3c02912370686f1a00131280c.sha1
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.2b98f4136688ddd3c02912370686f1a00131280c, 40

	.type	.const.pickledata.5921baa131084dff173015c39fdadd5e38b9f41e,@object
	.p2align	4, 0x0
.const.pickledata.5921baa131084dff173015c39fdadd5e38b9f41e:
	.ascii	"\200\004\2256\000\000\000\000\000\000\000\214\bbuiltins\224\214\013MemoryError\224\223\224\214\022cannot resize list\224\205\224N\207\224."
	.size	.const.pickledata.5921baa131084dff173015c39fdadd5e38b9f41e, 65

	.type	.const.pickledata.5921baa131084dff173015c39fdadd5e38b9f41e.sha1,@object
	.p2align	4, 0x0
.const.pickledata.5921baa131084dff173015c39fdadd5e38b9f41e.sha1:
	.ascii	"Y!\272\2411\bM\377\0270\025\303\237\332\335^8\271\364\036"
	.size	.const.pickledata.5921baa131084dff173015c39fdadd5e38b9f41e.sha1, 20

	.type	.const.picklebuf.5921baa131084dff173015c39fdadd5e38b9f41e,@object
	.p2align	4, 0x0
.const.picklebuf.5921baa131084dff173015c39fdadd5e38b9f41e:
	.quad	.const.pickledata.5921baa131084dff173015c39fdadd5e38b9f41e
	.long	65
	.zero	4
	.quad	.const.pickledata.5921baa131084dff173015c39fdadd5e38b9f41e.sha1
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.5921baa131084dff173015c39fdadd5e38b9f41e, 40

	.type	.bytes.4211470532602229068,@object
.bytes.4211470532602229068:
	.asciz	"("
	.size	.bytes.4211470532602229068, 2

	.type	".bytes.-2264063819629482732",@object
".bytes.-2264063819629482732":
	.asciz	")"
	.size	".bytes.-2264063819629482732", 2

	.type	.bytes.9048173940395422652,@object
	.p2align	4, 0x0
.bytes.9048173940395422652:
	.asciz	"cannot assign slice of shape "
	.size	.bytes.9048173940395422652, 30

	.type	.bytes.2653909834887079282,@object
	.p2align	4, 0x0
.bytes.2653909834887079282:
	.asciz	" from input of shape "
	.size	.bytes.2653909834887079282, 22

	.type	.const.pickledata.538f24ddc49600304aad96856f43891e57e289a3,@object
	.p2align	4, 0x0
.const.pickledata.538f24ddc49600304aad96856f43891e57e289a3:
	.ascii	"\200\004\225\213\001\000\000\000\000\000\000\214\bbuiltins\224\214\nValueError\224\223\224\214\022llvmlite.ir.values\224\214\bConstant\224\223\224)\201\224}\224(\214\004type\224\214\021llvmlite.ir.types\224\214\021_TypedPointerType\224\223\224)\201\224}\224(\214\taddrspace\224K\000\214\007pointee\224h\t\214\007IntType\224\223\224K\b\205\224\201\224}\224(\214\005width\224K\b\214\027_StrCaching__cached_str\224\214\002i8\224ub\214\tis_opaque\224\211h\026\214\003i8*\224ub\214\bconstant\224N\214&_StringReferenceCaching__cached_refstr\224\214\004null\224h\026\214\bi8* null\224ub\205\224\214\004impl\224\214B/work/main/.venv/lib/python3.11/site-packages/numba/np/arrayobj.py\224M\267\007\207\224\207\224."
	.size	.const.pickledata.538f24ddc49600304aad96856f43891e57e289a3, 406

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.81,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.81:
	.ascii	"\200\004\225K\000\000\000\000\000\000\000\214\bbuiltins\224\214\013MemoryError\224\223\224\214'Allocation failed (probably too large).\224\205\224N\207\224."
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.81, 86

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.82,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.82:
	.ascii	"\272(\235\201\360\\p \363G|\025sH\004\337e\253\342\t"
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.82, 20

	.type	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.80,@object
	.p2align	4, 0x0
.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.80:
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.81
	.long	86
	.zero	4
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.82
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.80, 40

	.type	".const.missing Environment: _ZN08NumbaEnv5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB3v56B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE8UniTupleIxLi2EE",@object
	.p2align	4, 0x0
".const.missing Environment: _ZN08NumbaEnv5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB3v56B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE8UniTupleIxLi2EE":
	.asciz	"missing Environment: _ZN08NumbaEnv5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB3v56B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE8UniTupleIxLi2EE"
	.size	".const.missing Environment: _ZN08NumbaEnv5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB3v56B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi2EE8UniTupleIxLi2EE", 261

	.type	".bytes.-7336804527741648176",@object
".bytes.-7336804527741648176":
	.asciz	"0"
	.size	".bytes.-7336804527741648176", 2

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.4,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.4:
	.ascii	"\200\004\225K\000\000\000\000\000\000\000\214\bbuiltins\224\214\013MemoryError\224\223\224\214'Allocation failed (probably too large).\224\205\224N\207\224."
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.4, 86

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.5,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.5:
	.ascii	"\272(\235\201\360\\p \363G|\025sH\004\337e\253\342\t"
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.5, 20

	.type	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.3,@object
	.p2align	4, 0x0
.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.3:
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.4
	.long	86
	.zero	4
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.5
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.3, 40

	.type	_ZN08NumbaEnv5numba7cpython7unicode12unicode_join12_3clocals_3e14join_list_implB3v77B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type37list_28unicode_type_29_3civ_3dNone_3e,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode12unicode_join12_3clocals_3e14join_list_implB3v77B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type37list_28unicode_type_29_3civ_3dNone_3e,8,8
	.type	_ZN08NumbaEnv5numba7cpython7unicode9join_listB3v78B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type37list_28unicode_type_29_3civ_3dNone_3e,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode9join_listB3v78B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type37list_28unicode_type_29_3civ_3dNone_3e,8,8
	.type	.bytes.7426612343885133214,@object
.bytes.7426612343885133214:
	.zero	1
	.size	.bytes.7426612343885133214, 1

	.type	.const.pickledata.5753419f7c3c9d9e41a51c7a572cce1624a39a7f,@object
	.p2align	4, 0x0
.const.pickledata.5753419f7c3c9d9e41a51c7a572cce1624a39a7f:
	.ascii	"\200\004\2257\000\000\000\000\000\000\000\214\bbuiltins\224\214\nIndexError\224\223\224\214\024getitem out of range\224\205\224N\207\224."
	.size	.const.pickledata.5753419f7c3c9d9e41a51c7a572cce1624a39a7f, 66

	.type	.const.pickledata.5753419f7c3c9d9e41a51c7a572cce1624a39a7f.sha1,@object
	.p2align	4, 0x0
.const.pickledata.5753419f7c3c9d9e41a51c7a572cce1624a39a7f.sha1:
	.ascii	"WSA\237|<\235\236A\245\034zW,\316\026$\243\232\177"
	.size	.const.pickledata.5753419f7c3c9d9e41a51c7a572cce1624a39a7f.sha1, 20

	.type	.const.picklebuf.5753419f7c3c9d9e41a51c7a572cce1624a39a7f,@object
	.p2align	4, 0x0
.const.picklebuf.5753419f7c3c9d9e41a51c7a572cce1624a39a7f:
	.quad	.const.pickledata.5753419f7c3c9d9e41a51c7a572cce1624a39a7f
	.long	66
	.zero	4
	.quad	.const.pickledata.5753419f7c3c9d9e41a51c7a572cce1624a39a7f.sha1
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.5753419f7c3c9d9e41a51c7a572cce1624a39a7f, 40

	.type	.const.pickledata.83149161b0efc692d67f17db695bf2e20afa63b5,@object
	.p2align	4, 0x0
.const.pickledata.83149161b0efc692d67f17db695bf2e20afa63b5:
	.ascii	"\200\004\225\242\000\000\000\000\000\000\000\214\bbuiltins\224\214\016AssertionError\224\223\224\214!PY_UNICODE_WCHAR_KIND unsupported\224\205\224\214\n_pick_kind\224\214F/work/main/.venv/lib/python3.11/site-packages/numba/cpython/unicode.py\224Ms\001\207\224\207\224."
	.size	.const.pickledata.83149161b0efc692d67f17db695bf2e20afa63b5, 173

	.type	.const.pickledata.83149161b0efc692d67f17db695bf2e20afa63b5.sha1,@object
	.p2align	4, 0x0
.const.pickledata.83149161b0efc692d67f17db695bf2e20afa63b5.sha1:
	.ascii	"\203\024\221a\260\357\306\222\326\177\027\333i[\362\342\n\372c\265"
	.size	.const.pickledata.83149161b0efc692d67f17db695bf2e20afa63b5.sha1, 20

	.type	.const.picklebuf.83149161b0efc692d67f17db695bf2e20afa63b5,@object
	.p2align	4, 0x0
.const.picklebuf.83149161b0efc692d67f17db695bf2e20afa63b5:
	.quad	.const.pickledata.83149161b0efc692d67f17db695bf2e20afa63b5
	.long	173
	.zero	4
	.quad	.const.pickledata.83149161b0efc692d67f17db695bf2e20afa63b5.sha1
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.83149161b0efc692d67f17db695bf2e20afa63b5, 40

	.type	.const.pickledata.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2,@object
	.p2align	4, 0x0
.const.pickledata.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2:
	.ascii	"\200\004\225\260\000\000\000\000\000\000\000\214\bbuiltins\224\214\016AssertionError\224\223\224\214/Unexpected unicode representation in _pick_kind\224\205\224\214\n_pick_kind\224\214F/work/main/.venv/lib/python3.11/site-packages/numba/cpython/unicode.py\224M\177\001\207\224\207\224."
	.size	.const.pickledata.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2, 187

	.type	.const.pickledata.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2.sha1,@object
	.p2align	4, 0x0
.const.pickledata.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2.sha1:
	.ascii	"\340\275\361\367?l\376\246\345\210+L7\261\326\362\343'\200\342"
	.size	.const.pickledata.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2.sha1, 20

	.type	.const.picklebuf.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2,@object
	.p2align	4, 0x0
.const.picklebuf.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2:
	.quad	.const.pickledata.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2
	.long	187
	.zero	4
	.quad	.const.pickledata.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2.sha1
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2, 40

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.13,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.13:
	.ascii	"\200\004\225K\000\000\000\000\000\000\000\214\bbuiltins\224\214\013MemoryError\224\223\224\214'Allocation failed (probably too large).\224\205\224N\207\224."
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.13, 86

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.14,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.14:
	.ascii	"\272(\235\201\360\\p \363G|\025sH\004\337e\253\342\t"
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.14, 20

	.type	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.12,@object
	.p2align	4, 0x0
.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.12:
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.13
	.long	86
	.zero	4
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.14
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.12, 40

	.type	.const.pickledata.c502890c6267f01112e045204659b1d36ddd9d50,@object
	.p2align	4, 0x0
.const.pickledata.c502890c6267f01112e045204659b1d36ddd9d50:
	.ascii	"\200\004\225\253\000\000\000\000\000\000\000\214\bbuiltins\224\214\016AssertionError\224\223\224\214!PY_UNICODE_WCHAR_KIND unsupported\224\205\224\214\023_kind_to_byte_width\224\214F/work/main/.venv/lib/python3.11/site-packages/numba/cpython/unicode.py\224M\241\001\207\224\207\224."
	.size	.const.pickledata.c502890c6267f01112e045204659b1d36ddd9d50, 182

	.type	.const.pickledata.c502890c6267f01112e045204659b1d36ddd9d50.sha1,@object
	.p2align	4, 0x0
.const.pickledata.c502890c6267f01112e045204659b1d36ddd9d50.sha1:
	.ascii	"\305\002\211\fbg\360\021\022\340E FY\261\323m\335\235P"
	.size	.const.pickledata.c502890c6267f01112e045204659b1d36ddd9d50.sha1, 20

	.type	.const.picklebuf.c502890c6267f01112e045204659b1d36ddd9d50,@object
	.p2align	4, 0x0
.const.picklebuf.c502890c6267f01112e045204659b1d36ddd9d50:
	.quad	.const.pickledata.c502890c6267f01112e045204659b1d36ddd9d50
	.long	182
	.zero	4
	.quad	.const.pickledata.c502890c6267f01112e045204659b1d36ddd9d50.sha1
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.c502890c6267f01112e045204659b1d36ddd9d50, 40

	.type	.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702,@object
	.p2align	4, 0x0
.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702:
	.ascii	"\200\004\225\261\000\000\000\000\000\000\000\214\bbuiltins\224\214\016AssertionError\224\223\224\214'Unexpected unicode encoding encountered\224\205\224\214\023_kind_to_byte_width\224\214F/work/main/.venv/lib/python3.11/site-packages/numba/cpython/unicode.py\224M\243\001\207\224\207\224."
	.size	.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702, 188

	.type	.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.sha1,@object
	.p2align	4, 0x0
.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.sha1:
	.ascii	"\361\267\373\004\304\216\302uT\207\225\247\333V\374a\253\302\307\002"
	.size	.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.sha1, 20

	.type	.const.picklebuf.f1b7fb04c48ec275548795a7db56fc61abc2c702,@object
	.p2align	4, 0x0
.const.picklebuf.f1b7fb04c48ec275548795a7db56fc61abc2c702:
	.quad	.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702
	.long	188
	.zero	4
	.quad	.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.sha1
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.f1b7fb04c48ec275548795a7db56fc61abc2c702, 40

	.type	.const.pickledata.e67c2244ca44472c10be3ab1d2671bf4f43d8733,@object
	.p2align	4, 0x0
.const.pickledata.e67c2244ca44472c10be3ab1d2671bf4f43d8733:
	.ascii	"\200\004\225\272\000\000\000\000\000\000\000\214\bbuiltins\224\214\016AssertionError\224\223\224\2144Unexpected unicode representation in _set_code_point\224\205\224\214\017_set_code_point\224\214F/work/main/.venv/lib/python3.11/site-packages/numba/cpython/unicode.py\224M\\\001\207\224\207\224."
	.size	.const.pickledata.e67c2244ca44472c10be3ab1d2671bf4f43d8733, 197

	.type	.const.pickledata.e67c2244ca44472c10be3ab1d2671bf4f43d8733.sha1,@object
	.p2align	4, 0x0
.const.pickledata.e67c2244ca44472c10be3ab1d2671bf4f43d8733.sha1:
	.ascii	"\346|\"D\312DG,\020\276:\261\322g\033\364\364=\2073"
	.size	.const.pickledata.e67c2244ca44472c10be3ab1d2671bf4f43d8733.sha1, 20

	.type	.const.picklebuf.e67c2244ca44472c10be3ab1d2671bf4f43d8733,@object
	.p2align	4, 0x0
.const.picklebuf.e67c2244ca44472c10be3ab1d2671bf4f43d8733:
	.quad	.const.pickledata.e67c2244ca44472c10be3ab1d2671bf4f43d8733
	.long	197
	.zero	4
	.quad	.const.pickledata.e67c2244ca44472c10be3ab1d2671bf4f43d8733.sha1
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.e67c2244ca44472c10be3ab1d2671bf4f43d8733, 40

	.type	_ZN08NumbaEnv5numba7cpython7unicode8_strncpyB3v84B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typex12unicode_typexx,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode8_strncpyB3v84B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typex12unicode_typexx,8,8
	.type	_ZN08NumbaEnv5numba7cpython7unicode19_kind_to_byte_widthB3v85B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dEi,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode19_kind_to_byte_widthB3v85B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dEi,8,8
	.type	.const.pickledata.c502890c6267f01112e045204659b1d36ddd9d50.16,@object
	.p2align	4, 0x0
.const.pickledata.c502890c6267f01112e045204659b1d36ddd9d50.16:
	.ascii	"\200\004\225\253\000\000\000\000\000\000\000\214\bbuiltins\224\214\016AssertionError\224\223\224\214!PY_UNICODE_WCHAR_KIND unsupported\224\205\224\214\023_kind_to_byte_width\224\214F/work/main/.venv/lib/python3.11/site-packages/numba/cpython/unicode.py\224M\241\001\207\224\207\224."
	.size	.const.pickledata.c502890c6267f01112e045204659b1d36ddd9d50.16, 182

	.type	.const.pickledata.c502890c6267f01112e045204659b1d36ddd9d50.sha1.17,@object
	.p2align	4, 0x0
.const.pickledata.c502890c6267f01112e045204659b1d36ddd9d50.sha1.17:
	.ascii	"\305\002\211\fbg\360\021\022\340E FY\261\323m\335\235P"
	.size	.const.pickledata.c502890c6267f01112e045204659b1d36ddd9d50.sha1.17, 20

	.type	.const.picklebuf.c502890c6267f01112e045204659b1d36ddd9d50.12,@object
	.p2align	4, 0x0
.const.picklebuf.c502890c6267f01112e045204659b1d36ddd9d50.12:
	.quad	.const.pickledata.c502890c6267f01112e045204659b1d36ddd9d50.16
	.long	182
	.zero	4
	.quad	.const.pickledata.c502890c6267f01112e045204659b1d36ddd9d50.sha1.17
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.c502890c6267f01112e045204659b1d36ddd9d50.12, 40

	.type	.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.18,@object
	.p2align	4, 0x0
.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.18:
	.ascii	"\200\004\225\261\000\000\000\000\000\000\000\214\bbuiltins\224\214\016AssertionError\224\223\224\214'Unexpected unicode encoding encountered\224\205\224\214\023_kind_to_byte_width\224\214F/work/main/.venv/lib/python3.11/site-packages/numba/cpython/unicode.py\224M\243\001\207\224\207\224."
	.size	.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.18, 188

	.type	.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.sha1.19,@object
	.p2align	4, 0x0
.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.sha1.19:
	.ascii	"\361\267\373\004\304\216\302uT\207\225\247\333V\374a\253\302\307\002"
	.size	.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.sha1.19, 20

	.type	.const.picklebuf.f1b7fb04c48ec275548795a7db56fc61abc2c702.11,@object
	.p2align	4, 0x0
.const.picklebuf.f1b7fb04c48ec275548795a7db56fc61abc2c702.11:
	.quad	.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.18
	.long	188
	.zero	4
	.quad	.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.sha1.19
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.f1b7fb04c48ec275548795a7db56fc61abc2c702.11, 40

	.type	_ZN08NumbaEnv5numba7cpython7unicode15_get_code_pointB3v86B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typex,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode15_get_code_pointB3v86B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typex,8,8
	.type	_ZN08NumbaEnv5numba7cpython7unicode15_set_code_pointB3v87B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typexx,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode15_set_code_pointB3v87B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typexx,8,8
	.type	.const.pickledata.e67c2244ca44472c10be3ab1d2671bf4f43d8733.14,@object
	.p2align	4, 0x0
.const.pickledata.e67c2244ca44472c10be3ab1d2671bf4f43d8733.14:
	.ascii	"\200\004\225\272\000\000\000\000\000\000\000\214\bbuiltins\224\214\016AssertionError\224\223\224\2144Unexpected unicode representation in _set_code_point\224\205\224\214\017_set_code_point\224\214F/work/main/.venv/lib/python3.11/site-packages/numba/cpython/unicode.py\224M\\\001\207\224\207\224."
	.size	.const.pickledata.e67c2244ca44472c10be3ab1d2671bf4f43d8733.14, 197

	.type	.const.pickledata.e67c2244ca44472c10be3ab1d2671bf4f43d8733.sha1.15,@object
	.p2align	4, 0x0
.const.pickledata.e67c2244ca44472c10be3ab1d2671bf4f43d8733.sha1.15:
	.ascii	"\346|\"D\312DG,\020\276:\261\322g\033\364\364=\2073"
	.size	.const.pickledata.e67c2244ca44472c10be3ab1d2671bf4f43d8733.sha1.15, 20

	.type	.const.picklebuf.e67c2244ca44472c10be3ab1d2671bf4f43d8733.13,@object
	.p2align	4, 0x0
.const.picklebuf.e67c2244ca44472c10be3ab1d2671bf4f43d8733.13:
	.quad	.const.pickledata.e67c2244ca44472c10be3ab1d2671bf4f43d8733.14
	.long	197
	.zero	4
	.quad	.const.pickledata.e67c2244ca44472c10be3ab1d2671bf4f43d8733.sha1.15
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.e67c2244ca44472c10be3ab1d2671bf4f43d8733.13, 40

	.type	.const.pickledata.83149161b0efc692d67f17db695bf2e20afa63b5.29,@object
	.p2align	4, 0x0
.const.pickledata.83149161b0efc692d67f17db695bf2e20afa63b5.29:
	.ascii	"\200\004\225\242\000\000\000\000\000\000\000\214\bbuiltins\224\214\016AssertionError\224\223\224\214!PY_UNICODE_WCHAR_KIND unsupported\224\205\224\214\n_pick_kind\224\214F/work/main/.venv/lib/python3.11/site-packages/numba/cpython/unicode.py\224Ms\001\207\224\207\224."
	.size	.const.pickledata.83149161b0efc692d67f17db695bf2e20afa63b5.29, 173

	.type	.const.pickledata.83149161b0efc692d67f17db695bf2e20afa63b5.sha1.30,@object
	.p2align	4, 0x0
.const.pickledata.83149161b0efc692d67f17db695bf2e20afa63b5.sha1.30:
	.ascii	"\203\024\221a\260\357\306\222\326\177\027\333i[\362\342\n\372c\265"
	.size	.const.pickledata.83149161b0efc692d67f17db695bf2e20afa63b5.sha1.30, 20

	.type	.const.picklebuf.83149161b0efc692d67f17db695bf2e20afa63b5.19,@object
	.p2align	4, 0x0
.const.picklebuf.83149161b0efc692d67f17db695bf2e20afa63b5.19:
	.quad	.const.pickledata.83149161b0efc692d67f17db695bf2e20afa63b5.29
	.long	173
	.zero	4
	.quad	.const.pickledata.83149161b0efc692d67f17db695bf2e20afa63b5.sha1.30
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.83149161b0efc692d67f17db695bf2e20afa63b5.19, 40

	.type	.const.pickledata.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2.27,@object
	.p2align	4, 0x0
.const.pickledata.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2.27:
	.ascii	"\200\004\225\260\000\000\000\000\000\000\000\214\bbuiltins\224\214\016AssertionError\224\223\224\214/Unexpected unicode representation in _pick_kind\224\205\224\214\n_pick_kind\224\214F/work/main/.venv/lib/python3.11/site-packages/numba/cpython/unicode.py\224M\177\001\207\224\207\224."
	.size	.const.pickledata.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2.27, 187

	.type	.const.pickledata.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2.sha1.28,@object
	.p2align	4, 0x0
.const.pickledata.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2.sha1.28:
	.ascii	"\340\275\361\367?l\376\246\345\210+L7\261\326\362\343'\200\342"
	.size	.const.pickledata.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2.sha1.28, 20

	.type	.const.picklebuf.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2.20,@object
	.p2align	4, 0x0
.const.picklebuf.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2.20:
	.quad	.const.pickledata.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2.27
	.long	187
	.zero	4
	.quad	.const.pickledata.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2.sha1.28
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.e0bdf1f73f6cfea6e5882b4c37b1d6f2e32780e2.20, 40

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.23,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.23:
	.ascii	"\200\004\225K\000\000\000\000\000\000\000\214\bbuiltins\224\214\013MemoryError\224\223\224\214'Allocation failed (probably too large).\224\205\224N\207\224."
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.23, 86

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.24,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.24:
	.ascii	"\272(\235\201\360\\p \363G|\025sH\004\337e\253\342\t"
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.24, 20

	.type	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.22,@object
	.p2align	4, 0x0
.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.22:
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.23
	.long	86
	.zero	4
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.24
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.22, 40

	.type	.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.25,@object
	.p2align	4, 0x0
.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.25:
	.ascii	"\200\004\225\261\000\000\000\000\000\000\000\214\bbuiltins\224\214\016AssertionError\224\223\224\214'Unexpected unicode encoding encountered\224\205\224\214\023_kind_to_byte_width\224\214F/work/main/.venv/lib/python3.11/site-packages/numba/cpython/unicode.py\224M\243\001\207\224\207\224."
	.size	.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.25, 188

	.type	.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.sha1.26,@object
	.p2align	4, 0x0
.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.sha1.26:
	.ascii	"\361\267\373\004\304\216\302uT\207\225\247\333V\374a\253\302\307\002"
	.size	.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.sha1.26, 20

	.type	.const.picklebuf.f1b7fb04c48ec275548795a7db56fc61abc2c702.21,@object
	.p2align	4, 0x0
.const.picklebuf.f1b7fb04c48ec275548795a7db56fc61abc2c702.21:
	.quad	.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.25
	.long	188
	.zero	4
	.quad	.const.pickledata.f1b7fb04c48ec275548795a7db56fc61abc2c702.sha1.26
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.f1b7fb04c48ec275548795a7db56fc61abc2c702.21, 40

	.type	_ZN08NumbaEnv5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB4v101B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi1EE8UniTupleIxLi1EE,@object
	.comm	_ZN08NumbaEnv5numba2np8arrayobj31ol_raise_with_shape_context_cpu12_3clocals_3e4implB4v101B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE8UniTupleIxLi1EE8UniTupleIxLi1EE,8,8
	.type	.bytes.4211470532602229068.86,@object
.bytes.4211470532602229068.86:
	.asciz	"("
	.size	.bytes.4211470532602229068.86, 2

	.type	".bytes.-4409116039467021935",@object
".bytes.-4409116039467021935":
	.asciz	",)"
	.size	".bytes.-4409116039467021935", 3

	.type	.bytes.9048173940395422652.89,@object
	.p2align	4, 0x0
.bytes.9048173940395422652.89:
	.asciz	"cannot assign slice of shape "
	.size	.bytes.9048173940395422652.89, 30

	.type	.bytes.2653909834887079282.90,@object
	.p2align	4, 0x0
.bytes.2653909834887079282.90:
	.asciz	" from input of shape "
	.size	.bytes.2653909834887079282.90, 22

	.type	.const.pickledata.538f24ddc49600304aad96856f43891e57e289a3.91,@object
	.p2align	4, 0x0
.const.pickledata.538f24ddc49600304aad96856f43891e57e289a3.91:
	.ascii	"\200\004\225\213\001\000\000\000\000\000\000\214\bbuiltins\224\214\nValueError\224\223\224\214\022llvmlite.ir.values\224\214\bConstant\224\223\224)\201\224}\224(\214\004type\224\214\021llvmlite.ir.types\224\214\021_TypedPointerType\224\223\224)\201\224}\224(\214\taddrspace\224K\000\214\007pointee\224h\t\214\007IntType\224\223\224K\b\205\224\201\224}\224(\214\005width\224K\b\214\027_StrCaching__cached_str\224\214\002i8\224ub\214\tis_opaque\224\211h\026\214\003i8*\224ub\214\bconstant\224N\214&_StringReferenceCaching__cached_refstr\224\214\004null\224h\026\214\bi8* null\224ub\205\224\214\004impl\224\214B/work/main/.venv/lib/python3.11/site-packages/numba/np/arrayobj.py\224M\267\007\207\224\207\224."
	.size	.const.pickledata.538f24ddc49600304aad96856f43891e57e289a3.91, 406

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.94,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.94:
	.ascii	"\200\004\225K\000\000\000\000\000\000\000\214\bbuiltins\224\214\013MemoryError\224\223\224\214'Allocation failed (probably too large).\224\205\224N\207\224."
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.94, 86

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.95,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.95:
	.ascii	"\272(\235\201\360\\p \363G|\025sH\004\337e\253\342\t"
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.95, 20

	.type	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.87,@object
	.p2align	4, 0x0
.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.87:
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.94
	.long	86
	.zero	4
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.95
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.87, 40

	.type	_ZN08NumbaEnv5numba7cpython8builtins14ol_str_generic12_3clocals_3e4implB3v59B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEx,@object
	.comm	_ZN08NumbaEnv5numba7cpython8builtins14ol_str_generic12_3clocals_3e4implB3v59B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEx,8,8
	.type	_ZN08NumbaEnv5numba7cpython8builtins12ol_getattr_212_3clocals_3e4implB3v62B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEx29Literal_5bstr_5d_28__str___29,@object
	.comm	_ZN08NumbaEnv5numba7cpython8builtins12ol_getattr_212_3clocals_3e4implB3v62B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEx29Literal_5bstr_5d_28__str___29,8,8
	.type	_ZN08NumbaEnv5numba7cpython7unicode11integer_str12_3clocals_3e4implB3v63B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEx,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode11integer_str12_3clocals_3e4implB3v63B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEx,8,8
	.type	".bytes.-7336804527741648176.85",@object
".bytes.-7336804527741648176.85":
	.asciz	"0"
	.size	".bytes.-7336804527741648176.85", 2

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.4.92,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.4.92:
	.ascii	"\200\004\225K\000\000\000\000\000\000\000\214\bbuiltins\224\214\013MemoryError\224\223\224\214'Allocation failed (probably too large).\224\205\224N\207\224."
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.4.92, 86

	.type	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.5.93,@object
	.p2align	4, 0x0
.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.5.93:
	.ascii	"\272(\235\201\360\\p \363G|\025sH\004\337e\253\342\t"
	.size	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.5.93, 20

	.type	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.3.88,@object
	.p2align	4, 0x0
.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.3.88:
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.4.92
	.long	86
	.zero	4
	.quad	.const.pickledata.ba289d81f05c7020f3477c15734804df65abe209.sha1.5.93
	.quad	0
	.long	0
	.zero	4
	.size	.const.picklebuf.ba289d81f05c7020f3477c15734804df65abe209.3.88, 40

	.type	_ZN08NumbaEnv5numba7cpython8builtins6ol_int12_3clocals_3e4implB3v64B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEd,@object
	.comm	_ZN08NumbaEnv5numba7cpython8builtins6ol_int12_3clocals_3e4implB3v64B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEd,8,8
	.type	_ZN08NumbaEnv5numba7cpython7unicode19_kind_to_byte_widthB3v65B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEx,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode19_kind_to_byte_widthB3v65B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEx,8,8
	.type	_ZN08NumbaEnv5numba7cpython7unicode6ol_ord12_3clocals_3e4implB3v66B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode6ol_ord12_3clocals_3e4implB3v66B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type,8,8
	.type	_ZN08NumbaEnv5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode14unicode_concat12_3clocals_3e11concat_implB3v98B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type12unicode_type,8,8
	.type	_ZN08NumbaEnv5numba7cpython7unicode10_pick_kindB3v79B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEii,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode10_pick_kindB3v79B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEii,8,8
	.type	_ZN08NumbaEnv5numba7cpython7unicode11_pick_asciiB3v80B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEjj,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode11_pick_asciiB3v80B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEjj,8,8
	.type	_ZN08NumbaEnv5numba7cpython7unicode13_empty_stringB3v81B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEixj,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode13_empty_stringB3v81B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEixj,8,8
	.type	_ZN08NumbaEnv5numba7cpython7unicode19_kind_to_byte_widthB3v82B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEi,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode19_kind_to_byte_widthB3v82B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dEi,8,8
	.type	_ZN08NumbaEnv5numba7cpython7unicode15_set_code_pointB3v83B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typexj,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode15_set_code_pointB3v83B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typexj,8,8
	.type	_ZN08NumbaEnv5numba7cpython7unicode11unicode_len12_3clocals_3e8len_implB3v67B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode11unicode_len12_3clocals_3e8len_implB3v67B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type,8,8
	.type	_ZN08NumbaEnv5numba7cpython7unicode15_get_code_pointB3v68B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typex,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode15_get_code_pointB3v68B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typex,8,8
	.type	_ZN08NumbaEnv5numba7cpython7unicode15_set_code_pointB3v69B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typexx,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode15_set_code_pointB3v69B112c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMsG2aAA_3d_3dE12unicode_typexx,8,8
	.type	_ZN08NumbaEnv5numba7cpython8builtins14ol_str_generic12_3clocals_3e4implB3v88B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type,@object
	.comm	_ZN08NumbaEnv5numba7cpython8builtins14ol_str_generic12_3clocals_3e4implB3v88B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type,8,8
	.type	_ZN08NumbaEnv5numba7cpython8builtins12ol_getattr_212_3clocals_3e4implB3v91B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type29Literal_5bstr_5d_28__str___29,@object
	.comm	_ZN08NumbaEnv5numba7cpython8builtins12ol_getattr_212_3clocals_3e4implB3v91B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type29Literal_5bstr_5d_28__str___29,8,8
	.type	_ZN08NumbaEnv5numba7cpython7unicode11unicode_str12_3clocals_3e12_3clambda_3eB3v92B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type,@object
	.comm	_ZN08NumbaEnv5numba7cpython7unicode11unicode_str12_3clocals_3e12_3clambda_3eB3v92B114c8tJTIeFIjxB2IKSgI4CrvQCk0Z4yRYcWsCAgXrKFt1X1epFwMRTnJ_2bsrqOgnldcBaKS8_2fNKihKTS0DsxKLkAvVaTWCwYyQMqG3AgAWzNAE_3dE12unicode_type,8,8
	.section	".note.GNU-stack","",@progbits
